import { type Result, unwrap } from "@tradepulse/core";
import type { Leadership, LeadershipTerms } from "../latch/leadership.ts";
import type { AsyncLaw } from "./journal-contract.ts";

/** A process that may lead. */
export interface LeadershipProcess {
  take(terms: LeadershipTerms): Promise<Result<Leadership>>;
  /** Ends it in the middle of whatever it does. */
  kill(): void;
  /** It can look at nothing any more; and what it holds can be taken from it. */
  standStill(): void;
  goOn(): void;
}

/** Where several processes want to lead one account. */
export interface LeadershipWorld {
  nowUs(): number;
  begin(): Promise<LeadershipProcess>;
  /** Lets time pass until the promise settles. */
  settled<T>(promise: Promise<T>): Promise<T>;
  pass(us: number): Promise<void>;
}

const ORDER_LIFE_US = 300_000;
const TERMS: LeadershipTerms = { orderLifeUs: ORDER_LIFE_US, staleUs: 1_000_000, pollUs: 50_000 };
/** So long that a law which waited for it would never end. */
const FOR_EVER_US = 3_600_000_000;

/** The laws that every way of leading obeys. Register each: `for (const law of ...) test(law.name, law.check)`. */
export function leadershipContract(name: string, make: () => Promise<LeadershipWorld>): readonly AsyncLaw[] {
  const law = (sentence: string, check: (world: LeadershipWorld) => Promise<void>): AsyncLaw => ({
    name: `${name} ${sentence}`,
    check: async () => check(await make()),
  });
  const take = async (world: LeadershipWorld, more: Partial<LeadershipTerms> = {}) => {
    const process = await world.begin();
    const leader = unwrap(await world.settled(process.take({ ...TERMS, ...more })));
    return { process, leader };
  };
  const until = async (world: LeadershipWorld, isSo: () => boolean): Promise<void> => {
    while (!isSo()) await world.pass(10_000);
  };
  const refusalOf = async (world: LeadershipWorld): Promise<string> => {
    const result = await world.settled((await world.begin()).take(TERMS));
    return result.ok ? `epoch ${result.value.epoch}` : result.failure.code;
  };
  const waited = async (world: LeadershipWorld, terms: Partial<LeadershipTerms> = {}): Promise<Leadership> => {
    const process = await world.begin();
    for (;;) {
      const beganUs = world.nowUs();
      const result = await world.settled(process.take({ ...TERMS, ...terms }));
      // That a process has died is not known everywhere at once.
      if (!result.ok && result.failure.code === "TP_LEADER_HELD") {
        await world.pass(10_000);
        continue;
      }
      const tookUs = world.nowUs() - beganUs;
      same(tookUs >= ORDER_LIFE_US + TERMS.staleUs!, true, `the takeover waits out look and order, it took ${tookUs} us`);
      return unwrap(result);
    }
  };

  return [
    law("gives a higher epoch each time, at once when the leader before ended in order", async (world) => {
      for (let epoch = 1; epoch <= 4; epoch += 1) {
        const { leader } = await take(world, { orderLifeUs: FOR_EVER_US });
        same([leader.epoch, leader.leads], [epoch, true], "epoch and lead");
        await world.settled(leader.release());
        same(leader.leads, false, "lead after the release");
      }
    }),

    law("is refused while another process leads, and that one goes on", async (world) => {
      const { leader } = await take(world);
      same(await refusalOf(world), "TP_LEADER_HELD", "the second");
      same(await refusalOf(world), "TP_LEADER_HELD", "the third");
      await until(world, () => leader.leads);
      same(leader.epoch, 1, "epoch of the first");
      await world.settled(leader.release());
    }),

    law("waits out the last look and the last order of a leader that was killed", async (world) => {
      const { process } = await take(world);
      process.kill();
      const leader = await waited(world);
      same([leader.epoch, leader.leads], [2, true], "epoch and lead");
      await world.settled(leader.release());
    }),

    law("waits just so for one that ended with an order under way", async (world) => {
      const { leader } = await take(world);
      await world.settled(leader.abandon());
      same(leader.leads, false, "lead after the end");
      const next = await waited(world);
      same(next.epoch, 2, "epoch");
      await world.settled(next.release());
    }),

    law("goes above an epoch that the journal knows, and waits, when its own record is older", async (world) => {
      const { leader } = await take(world);
      await world.settled(leader.release());
      const next = await waited(world, { usedEpoch: 7 });
      same(next.epoch, 8, "epoch");
      await world.settled(next.release());
    }),

    law("ends by itself while it cannot look, comes back when it can, and never again once another took over", async (world) => {
      const lost: number[] = [];
      const { process, leader: first } = await take(world, { onLost: (epoch) => lost.push(epoch) });
      process.standStill();
      await world.pass(TERMS.staleUs! + 200_000);
      same(first.leads, false, "lead after a look that is too old");
      process.goOn();
      await until(world, () => first.leads);
      process.standStill();
      const second = await waited(world);
      same([second.epoch, first.leads], [2, false], "epoch of the second, lead of the first");
      process.goOn();
      await until(world, () => lost.length > 0);
      await world.pass(300_000);
      await until(world, () => second.leads);
      same([first.leads, lost.join()], [false, "2"], "lead of the first and what it was told");
      await world.settled(first.release());
      await until(world, () => second.leads);
      await world.settled(second.release());
      const third = await take(world, { orderLifeUs: FOR_EVER_US });
      same(third.leader.epoch, 3, "epoch of the third");
      await world.settled(third.leader.release());
    }),
  ];
}

function same(found: unknown, expected: unknown, what: string): void {
  const [is, was] = [JSON.stringify(found), JSON.stringify(expected)];
  if (is !== was) throw new Error(`${what}: found ${is}, expected ${was}`);
}
