import {
  BarSeries,
  type BoundStrategy,
  type CarriedState,
  Engine,
  type EngineOptions,
  type Fact,
  FactDriver,
  type OrderCommand,
  type TimeUs,
} from "@tradepulse/core";
import type { BoundRun } from "../run/bind-inputs.ts";
import { PlainVenue } from "./plain-venue.ts";

/** A restart after which the strategy decided otherwise. */
export interface RestartDifference {
  /** Instant behind which the state was carried over. */
  readonly cutUs: TimeUs;
  /** First instant with another decision. */
  readonly timeUs: TimeUs;
}

export interface Rehearsal {
  readonly isDeclared: boolean;
  readonly restarts: number;
  readonly instants: number;
  readonly differences: readonly RestartDifference[];
}

export interface RehearsalParts {
  readonly strategy: BoundStrategy;
  readonly run: BoundRun;
  /** Called for each engine: risk keeps state. */
  options(): EngineOptions;
  readonly instants: number;
  /** Numbers of instants, from 0 and ascending, behind which a restart is tried. */
  readonly cuts: readonly number[];
  breathe(): Promise<void>;
}

const MOST_ROWS = 65_536;

interface Line {
  readonly driver: FactDriver;
  readonly cutUs: TimeUs;
}

/**
 * Runs a strategy as a live session would, over the first instants of its data, and beside it one engine for each cut that goes on from where the first stood
 * there. All take the same facts; the first instant at which one issues other commands is its difference, and it is asked no further. Throws
 * `TP_STRATEGY_MEMORY` when the strategy cannot be carried.
 */
export async function rehearseRestart(parts: RehearsalParts): Promise<Rehearsal> {
  const { run, cuts } = parts;
  const whole = freshEngine(parts);
  const lines: Line[] = [{ driver: new FactDriver(whole), cutUs: Number.NEGATIVE_INFINITY }];
  const differences: RestartDifference[] = [];
  let tradeId = 0;
  const venues = run.instruments.map((each) => new PlainVenue(each, () => (tradeId += 1)));
  let seq = 0;
  let nextCut = 0;
  let instants = 0;
  const tell = (body: object, timeUs: TimeUs): void => {
    seq += 1;
    const fact = { ...body, seq, timeUs, receiveUs: timeUs } as Fact;
    let expected: string | undefined;
    for (const line of lines.slice()) {
      line.driver.process(fact);
      const commands = line.driver.takeCommands();
      const text = commandText(commands);
      if (expected === undefined) {
        expected = text;
        for (const command of commands) venues[command.instrumentIndex]!.take(command);
      } else if (text !== expected) {
        differences.push({ cutUs: line.cutUs, timeUs });
        lines.splice(lines.indexOf(line), 1);
      }
    }
  };
  const shortest = run.instruments.map((_, index) => {
    const own = run.inputs.filter(({ instrumentIndex }) => instrumentIndex === index);
    return Math.min(...own.map(({ intervalUs }) => intervalUs));
  });
  for (const { timeUs, bars } of instantsOf(run)) {
    if (instants >= parts.instants) break;
    for (const { inputIndex, bar } of bars) {
      const { instrumentIndex, intervalUs } = run.inputs[inputIndex]!;
      if (intervalUs !== shortest[instrumentIndex]) continue;
      for (const news of venues[instrumentIndex]!.before(bar)) tell(news, timeUs);
    }
    for (const { inputIndex, bar } of bars) tell({ kind: "bar", seriesIndex: inputIndex, ...bar }, timeUs);
    tell({ kind: "step" }, timeUs);
    if (instants === cuts[nextCut]) {
      nextCut += 1;
      lines.push({ driver: goOn(parts, lines[0]!.driver.carry()), cutUs: timeUs });
    }
    instants += 1;
    if (instants % 256 === 0) await parts.breathe();
  }
  return { isDeclared: whole.host.isRestartable, restarts: nextCut, instants, differences };
}

function freshEngine(parts: RehearsalParts): Engine {
  const { strategy, run } = parts;
  return new Engine({
    instruments: run.instruments,
    series: run.inputs.map(({ name, instrumentIndex, intervalUs, columns }) =>
      BarSeries.growing(name, instrumentIndex, intervalUs, Math.max(2, Math.min(columns.length + 2, MOST_ROWS)), columns.volumeKnown),
    ),
    strategy,
    options: parts.options(),
    live: true,
  });
}

/** Through a copy, as a disk carries it. */
function goOn(parts: RehearsalParts, carried: CarriedState): FactDriver {
  const driver = new FactDriver(freshEngine(parts));
  driver.resume(structuredClone(carried));
  return driver;
}

function commandText(commands: readonly OrderCommand[]): string {
  return commands.length === 0 ? "" : JSON.stringify(commands);
}

interface InstantBar {
  readonly inputIndex: number;
  readonly bar: {
    readonly openUs: TimeUs;
    readonly closeUs: TimeUs;
    readonly open: number;
    readonly high: number;
    readonly low: number;
    readonly close: number;
    readonly volume: number;
  };
}

/** Bars by the instant at which they close, the longer interval first. */
function* instantsOf({ inputs }: BoundRun): Generator<{ readonly timeUs: TimeUs; readonly bars: readonly InstantBar[] }, void, undefined> {
  const at = inputs.map(() => 0);
  const order = inputs.map((_, k) => k).sort((a, b) => inputs[b]!.intervalUs - inputs[a]!.intervalUs || a - b);
  for (;;) {
    const timeUs = Math.min(...inputs.map(({ columns }, k) => columns.closeUs[at[k]!] ?? Number.POSITIVE_INFINITY));
    if (timeUs === Number.POSITIVE_INFINITY) return;
    const bars: InstantBar[] = [];
    for (const k of order) {
      const { columns } = inputs[k]!;
      const row = at[k]!;
      if (columns.closeUs[row] !== timeUs) continue;
      at[k] = row + 1;
      const [openUs, closeUs, open, high, low, close, volume] = (
        ["openUs", "closeUs", "open", "high", "low", "close", "volume"] as const
      ).map((name) => columns[name][row]!) as [number, number, number, number, number, number, number];
      bars.push({ inputIndex: k, bar: { openUs, closeUs, open, high, low, close, volume } });
    }
    yield { timeUs, bars };
  }
}
