import { BarSeries, Engine, engineOptions, FactDriver, instrument, riskEngine, US_PER_MINUTE } from "@tradepulse/core";
import { Dice, RandomFacts, randomTrader } from "@tradepulse/core/testing";
import { clientIdOf } from "../dispatch/client-id.ts";
import type { RecordKind } from "../journal/record-kinds.ts";
import { eventsFrom } from "../recovery/event-records.ts";
import type { SeriesPlan } from "../session/bar-assembler.ts";

/** The series of a {@link RandomSession}. */
export const RANDOM_PLANS: readonly SeriesPlan[] = [
  { symbol: "AAA", intervalUs: US_PER_MINUTE, isBuilt: false },
  { symbol: "BBB", intervalUs: US_PER_MINUTE, isBuilt: false },
];

/** The engine of the random session of a seed, fresh. */
export function randomSessionEngine(seed: number): { readonly engine: Engine; readonly driver: FactDriver } {
  const instruments = RANDOM_PLANS.map(({ symbol }) => instrument({ id: `${symbol}@LIVE`, lotScale: 0 }));
  const engine = new Engine({
    instruments,
    series: RANDOM_PLANS.map(({ symbol, intervalUs }, index) => BarSeries.growing(symbol.toLowerCase(), index, intervalUs, 32)),
    strategy: randomTrader(
      seed,
      RANDOM_PLANS.map(({ symbol }) => symbol.toLowerCase()),
    ),
    options: engineOptions({ capital: 20_000, risk: riskEngine({ maxOpenOrders: 20, maxConsecutiveLosses: 5 }, instruments) }),
    live: true,
  });
  return { engine, driver: new FactDriver(engine) };
}

/** A session out of dice that writes what a live one writes: facts, commands, intents and what became of them, events, readings, leaders. */
export class RandomSession {
  readonly engine: Engine;
  readonly driver: FactDriver;
  private readonly dice: Dice;
  private readonly world: RandomFacts;
  private readonly write: (kind: RecordKind, payload: object) => number;
  private epoch = 1;
  private recorded = 0;

  constructor(seed: number, write: (kind: RecordKind, payload: object) => number) {
    ({ engine: this.engine, driver: this.driver } = randomSessionEngine(seed));
    this.dice = new Dice(seed ^ 0x5bd1);
    this.world = new RandomFacts(seed, RANDOM_PLANS.length);
    this.write = write;
    write("leader", { epoch: this.epoch });
  }

  /** What happens next, up to a place at which a session may be carried. */
  step(): void {
    const { dice, driver, engine, world } = this;
    for (const loose of world.next()) {
      const { kind, ...body } = loose;
      const seq = this.write(kind, { ...body, receiveUs: loose.timeUs });
      driver.process({ ...loose, seq, receiveUs: loose.timeUs });
      const commands = driver.takeCommands();
      world.take(commands);
      for (const command of commands) {
        this.write("command", { ...command, factSeq: seq });
        if (command.kind === "submit" && !dice.chance(0.1)) this.intent(command.orderId, command.instrumentIndex, loose.timeUs);
      }
      if (engine.events.length > this.recorded) this.write("evidence", { events: eventsFrom(engine.events, this.recorded) });
      this.recorded = engine.events.length;
    }
    if (dice.chance(0.05)) this.write("evidence", { readUpTo: [dice.whole(-1, 50), dice.whole(-1, 50)] });
    if (!dice.chance(0.02)) return;
    this.epoch += 1;
    this.write("leader", { epoch: this.epoch });
  }

  private intent(orderId: number, instrumentIndex: number, timeUs: number): void {
    const { dice, epoch } = this;
    const clientId = dice.chance(0.05) ? `other-${orderId}` : clientIdOf(epoch, orderId);
    const request = { symbol: RANDOM_PLANS[instrumentIndex]!.symbol };
    this.write("intent", { orderId, instrumentIndex, epoch, clientId, deadlineUs: timeUs + 5, request });
    if (dice.chance(0.1)) this.write("not-sent", { orderId, cause: "expired" });
  }
}
