import { type RunningSentinel, type SentinelNews, SentinelRunner, type SentinelStatus } from "@tradepulse/live";
import { assignments } from "../backtest/run-flags.ts";
import { commandName } from "../command-name.ts";
import { ExitCode } from "../exit-codes.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { outputWidth, paint, remark, say, sayJson } from "../terminal/streams.ts";
import { hangingText } from "../terminal/wrap-text.ts";
import { SentinelLine } from "./sentinel-line.ts";

const LOOK_MS = 500;

/** What a sentinel does when it acts, in a few words. */
export const ACTIONS = {
  "cancel-all": "halts and cancels everything",
  "keep-stops": "halts and cancels everything but stops that sell",
  halt: "halts, and leaves orders to a person",
} as const;

/** `tradepulse sentinel`: watches until a signal ends it. */
export async function runSentinel(options: Readonly<Record<string, unknown>>): Promise<void> {
  const line = new SentinelLine();
  const alarms: string[] = [];
  const runner = new SentinelRunner({
    configPath: options["config"] as string,
    flags: Object.fromEntries(assignments("--set", options["set"])),
    ...(typeof options["venue"] === "string" ? { venue: options["venue"] } : {}),
    onNews: (news: SentinelNews) => {
      if (news.kind === "alarm") alarms.push(news.text);
      line.keep(news);
    },
  });
  const running = await runner.start();
  introduce(running);
  const { sentinel } = running;
  const look = setInterval(() => line.show(sentinel.status), LOOK_MS);
  await running.done;
  clearInterval(look);
  line.clear();
  const { status } = sentinel;
  if (options["json"] === true) sayJson(document(running, status, alarms));
  else say(`The sentinel has ended: nobody watches ${shownPath(running.folder)}; trading is ${status.latch.state}`);
  process.exitCode = ExitCode.ok;
}

function introduce({ folder, venue, config, symbols }: RunningSentinel): void {
  const money = venue.sandbox ? "" : paint("bold", ", REAL MONEY", process.stderr);
  const label = (text: string): string => paint("dim", text.padEnd(10), process.stderr);
  const width = outputWidth(process.stderr);
  const silence = `${config.heartbeatTimeoutUs / 1e6} s of silence`;
  remark(hangingText("sentinel  ", `${symbols.join(", ")} at ${venue.name}${money}; after ${silence} it ${ACTIONS[config.action]}`, width));
  remark(`${label("evidence")}${shownPath(folder)}/sentinel`);
  remark(hangingText(label("try it"), `${commandName()} drill --config <the same file>; Ctrl-C ends the sentinel`, width));
}

function document(
  running: RunningSentinel,
  status: SentinelStatus,
  alarms: readonly string[],
): { readonly schema: 1 } & Record<string, unknown> {
  return {
    schema: 1,
    ok: true,
    command: "sentinel",
    account: running.folder,
    venue: running.venue.name,
    symbols: running.symbols,
    state: status.state,
    latch: status.latch,
    session: status.session ?? null,
    cause: status.cause ?? null,
    isAble: status.isAble,
    alarms,
  };
}
