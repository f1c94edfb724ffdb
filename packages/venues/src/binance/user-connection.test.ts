import { describe, expect, test } from "vitest";
import { Play, REPORT, ready, wrap } from "./scripted-user-stream.ts";

describe("openUserStream()", () => {
  test("doubts at a cut, connects again with growing waits, and is ready once more", async () => {
    const play = await ready();
    play.socket.cut(1_006);
    expect(play.news()).toEqual(["doubt: the connection was closed: 1006"]);
    play.world.onSocket = (socket) => socket.cut(1_006);
    await play.world.run(300_000_000);
    const attempts = play.world.sockets.length;
    // Half a second, doubling to 30 s, each at least half of that: 300 s hold no more than 20 attempts and no fewer than 12.
    expect(attempts).toBeGreaterThan(12);
    expect(attempts).toBeLessThan(26);
    play.world.onSocket = (socket) => {
      socket.onSent = (message) => play.answers(message, socket);
      socket.handlers.onOpen();
    };
    play.news();
    await play.world.run(31_000_000);
    expect(play.news().at(-1)).toBe("ready");
  });

  test("counts a connection without any sign of life as cut, though nobody closed it", async () => {
    const play = await ready();
    play.answers = () => undefined;
    play.pingEveryUs = undefined;
    await play.world.run(60_000_000);
    expect(play.news()[0]).toMatch(/^doubt: the connection was silent for 3\d s$/);
    expect(play.world.sockets.length).toBeGreaterThan(1);
  });

  test("stays ready over a quiet hour in which only pings and probes come", async () => {
    const play = await ready();
    await play.world.run(3_600_000_000);
    expect(play.news()).toEqual([]);
    expect(play.world.sockets).toHaveLength(1);
    expect(play.stream.silentUs).toBeLessThan(20_000_001);
  });

  test("finds out when the venue dropped the subscription of a connection that lives", async () => {
    const play = await ready();
    const { answers } = play;
    play.answers = (message, socket) =>
      message["method"] === "session.status"
        ? socket.say({ id: "probe", status: 200, result: { userDataStream: false } })
        : answers(message, socket);
    await play.world.run(62_000_000);
    expect(play.news()[0]).toBe("doubt: the venue no longer has our subscription");
  });

  test("asks no more when the venue does not know the question, or denies a subscription just made", async () => {
    for (const answer of [
      { status: 400, error: { code: -1020, msg: "This operation is not supported." } },
      { status: 200, result: { userDataStream: false } },
    ]) {
      const play = new Play();
      const { answers } = play;
      play.answers = (message, socket) =>
        message["method"] === "session.status" ? socket.say({ id: "probe", ...answer }) : answers(message, socket);
      await play.world.run(600_000_000);
      expect(play.news()).toEqual(["ready"]);
      expect(play.socket.sent.filter(({ method }) => method === "session.status")).toHaveLength(1);
    }
  });

  test("replaces a connection before it is a day old, without a moment of doubt, and hears both for a while", async () => {
    const play = await ready();
    const first = play.socket;
    await play.world.run(23 * 3_600_000_000 + 3_000_000);
    expect(play.world.sockets).toHaveLength(2);
    first.say(wrap(REPORT));
    play.socket.say(wrap(REPORT));
    expect(play.news()).toHaveLength(2);
    await play.world.run(10_000_000);
    expect(first.isClosed).toBe(true);
    expect(play.socket.isClosed).toBe(false);
    expect(play.news()).toEqual([]);
  });

  test("does the same when the server says that it shuts down", async () => {
    const play = await ready();
    const first = play.socket;
    first.say({ event: { e: "serverShutdown", E: 1 } });
    await play.world.run(1_000_000);
    first.cut(1_001);
    await play.world.run(60_000_000);
    expect(play.world.sockets).toHaveLength(2);
    expect(play.news()).toEqual([]);
  });

  test("reconnects when the venue ends the subscription", async () => {
    const play = await ready();
    play.socket.say(wrap({ e: "eventStreamTerminated", E: 1 }));
    await play.world.run(2_000_000);
    expect(play.news()).toEqual(["doubt: the venue ended the subscription", "ready"]);
  });
});
