import type { IndicatorDefinition, Kernel } from "../indicators/indicator.ts";
import { type BarSeries, type Cursor, heldRows } from "../market/bar-series.ts";
import type { ColumnPool } from "../model/column-pool.ts";
import { FailureError } from "../model/failure.ts";
import type { TimeUs } from "../model/time.ts";
import { type IndicatorHandle, indicatorHandle } from "../strategy/indicator-handle.ts";
import { columnOf, cursorOf, Line } from "../strategy/line.ts";
import { SeriesHandle, seriesOf } from "../strategy/series-handle.ts";
import { type CarriedRows, JointSeries } from "./joint-series.ts";

/** Rows a kernel computes at a time in a backtest. */
const BLOCK_ROWS = 1_024;
/** Rows that an indicator over several series keeps. */
const JOINT_ROWS = 8_192;

/** What is carried of a strategy's indicators, in the order in which they were made: kernels in full, and the rows that lines show. */
export interface CarriedIndicators {
  readonly driven: readonly { readonly kernel: Float64Array; readonly outputs: readonly Float64Array[]; readonly done: number }[];
  readonly joint: readonly { readonly kernel: Float64Array; readonly rows: CarriedRows }[];
}

interface Driven {
  readonly name: string;
  readonly outputs: readonly Float64Array[];
  readonly kernel: Kernel;
  readonly series: BarSeries;
  done: number;
}

interface Warmup {
  readonly rows: number;
  readonly of: readonly BarSeries[];
}

interface Joint {
  readonly name: string;
  readonly kernel: Kernel;
  readonly rows: JointSeries;
  readonly sources: readonly Line[];
  readonly cursors: readonly Cursor[];
}

/** The indicators of one strategy: made in `create`, advanced with their series. */
export class IndicatorHost {
  private readonly driven: Driven[] = [];
  private readonly joint: Joint[] = [];
  /** Cursors of the joint rows that moved at this instant. */
  private readonly moved = new Set<Cursor>();
  private readonly seriesByCursor = new Map<Cursor, BarSeries>();
  private readonly main: SeriesHandle;
  private readonly pool: ColumnPool | undefined;
  private isOpen = true;
  /** Rows until each line of an indicator has its first value, and the series it is made of; prices have theirs in the first row. */
  private readonly warmups = new Map<Line, Warmup>();
  /** Longest warm-up of any indicator, that of its sources included, in rows of its own series. */
  warmup = 0;

  constructor(handles: readonly SeriesHandle[], pool?: ColumnPool) {
    this.pool = pool;
    this.main = handles[0]!;
    for (const handle of handles) {
      const series = seriesOf(handle);
      this.seriesByCursor.set(series.cursor, series);
    }
  }

  /** After `create` no further indicator can be made. */
  seal(): void {
    this.isOpen = false;
  }

  make<Output extends string>(
    definition: IndicatorDefinition<Output>,
    options?: { readonly of: SeriesHandle | Line | readonly Line[] },
  ): IndicatorHandle<Output> {
    if (!this.isOpen) throw tooLate(definition.name);
    const source = options?.of ?? this.main;
    const lines = source instanceof SeriesHandle ? fieldsOf(source, definition) : source instanceof Line ? [source] : [...source];
    if (lines.length !== definition.inputs.length) throw wrongCount(definition.name, definition.inputs.length, lines.length);
    const cursors = lines.map((line) => cursorOf(line));
    const first = cursors[0]!;
    const series = this.seriesByCursor.get(first);
    const isJoint = series === undefined || cursors.some((cursor) => cursor !== first);
    const handle = isJoint ? this.onJoint(definition, lines, cursors) : this.onSeries(definition, lines, series);
    this.noteWarmup(definition, lines, handle);
    return handle;
  }

  /** An indicator of an indicator has its first value when its source has had as many values as it needs. */
  private noteWarmup<Output extends string>(
    definition: IndicatorDefinition<Output>,
    sources: readonly Line[],
    handle: IndicatorHandle<Output>,
  ): void {
    const known = sources.map((line) => this.warmups.get(line) ?? { rows: 1, of: [this.seriesByCursor.get(cursorOf(line))!] });
    const rows = definition.warmup - 1 + Math.max(...known.map((each) => each.rows));
    const warmup = { rows, of: [...new Set(known.flatMap((each) => each.of))] };
    this.warmup = Math.max(this.warmup, rows);
    this.warmups.set(handle, warmup);
    for (const line of Object.values<unknown>(handle)) if (line instanceof Line) this.warmups.set(line, warmup);
  }

  /**
   * Close of the bar with which every indicator has its first value, each counted in the rows of its own series; -Infinity without
   * indicators, Infinity when the data end before. For finished columns.
   */
  warmUntilUs(): TimeUs {
    let untilUs = Number.NEGATIVE_INFINITY;
    for (const { rows, of } of this.warmups.values()) {
      for (const { columns } of of)
        untilUs = Math.max(untilUs, rows > columns.length ? Number.POSITIVE_INFINITY : columns.closeUs[rows - 1]!);
    }
    return untilUs;
  }

  /** Makes every indicator of the series hold values for its rows up to `to`, exclusive. */
  advance(series: BarSeries, to: number): void {
    for (const each of this.driven) {
      if (each.series !== series || each.done >= to) continue;
      each.kernel.advance(each.done, to);
      each.done = to;
    }
  }

  /** Advances over finished columns by whole blocks: rows past the cursor exist then, but no line shows them. */
  advanceBlock(series: BarSeries): void {
    const row = series.cursor.index;
    for (const each of this.driven) {
      if (each.series !== series || each.done > row) continue;
      const to = Math.min(series.columns.length, Math.ceil((row + 1) / BLOCK_ROWS) * BLOCK_ROWS);
      each.kernel.advance(each.done, to);
      each.done = to;
    }
  }

  /**
   * Advances indicators over several series, when all of these closed a bar at this instant; then what is computed from those
   * indicators. They are in the order in which they were made, so a source comes before its users.
   */
  advanceJoint(advanced: ReadonlySet<BarSeries>): void {
    if (this.joint.length === 0) return;
    this.moved.clear();
    for (const each of this.joint) {
      const together = each.cursors.every((cursor) => {
        const series = this.seriesByCursor.get(cursor);
        return series === undefined ? this.moved.has(cursor) : advanced.has(series);
      });
      if (!together) continue;
      each.rows.append(each.sources.map((line) => line.value));
      each.kernel.advance(each.rows.cursor.index, each.rows.cursor.index + 1);
      this.moved.add(each.rows.cursor);
    }
  }

  /** Changes when rows of an indicator over several series were dropped: then what was borrowed before is not good any more. */
  get drops(): number {
    return this.joint.reduce((sum, { rows }) => sum + rows.drops, 0);
  }

  /** Throws `TP_STRATEGY_MEMORY` for an indicator of one's own that keeps no snapshot. */
  carry(isBorrowed: boolean): CarriedIndicators {
    return {
      driven: this.driven.map(({ name, kernel, outputs, series, done }) => ({
        kernel: snapshotOf(name, kernel),
        outputs: outputs.map((column) => heldRows(column, series.cursor.index + 1, isBorrowed)),
        done,
      })),
      joint: this.joint.map(({ name, kernel, rows }) => ({ kernel: snapshotOf(name, kernel), rows: rows.carry(isBorrowed) })),
    };
  }

  /** Takes over the indicators of the same strategy with the same parameters. After its series. */
  resume(carried: CarriedIndicators): void {
    for (const [k, each] of this.driven.entries()) {
      const known = carried.driven[k]!;
      each.kernel.restore(known.kernel);
      for (const [line, column] of each.outputs.entries()) column.set(known.outputs[line]!);
      each.done = known.done;
    }
    for (const [k, each] of this.joint.entries()) {
      each.kernel.restore(carried.joint[k]!.kernel);
      each.rows.resume(carried.joint[k]!.rows);
    }
  }

  private onSeries<Output extends string>(
    definition: IndicatorDefinition<Output>,
    lines: readonly Line[],
    series: BarSeries,
  ): IndicatorHandle<Output> {
    const outputs = definition.outputs.map(() => this.pool?.take(series.columns.length) ?? new Float64Array(series.columns.length));
    const kernel = definition.createKernel(
      lines.map((line) => columnOf(line)),
      outputs,
    );
    // A row that has not been computed yet shows as none: in a live session news may come between a bar and its instant.
    if (series.isGrowing) for (const column of outputs) column.fill(Number.NaN);
    const driven: Driven = { name: definition.name, outputs, kernel, series, done: 0 };
    this.driven.push(driven);
    series.follow({
      rebase: (shift) => {
        for (const column of outputs) column.copyWithin(0, shift).fill(Number.NaN, column.length - shift);
        kernel.rebase(shift);
        driven.done -= shift;
      },
    });
    return indicatorHandle(definition.name, definition.outputs, outputs, series.cursor);
  }

  private onJoint<Output extends string>(
    definition: IndicatorDefinition<Output>,
    lines: readonly Line[],
    cursors: readonly Cursor[],
  ): IndicatorHandle<Output> {
    const rows = new JointSeries(lines.length, JOINT_ROWS);
    const outputs = definition.outputs.map(() => rows.column());
    const kernel = definition.createKernel(rows.inputs, outputs);
    rows.follow({ rebase: (shift) => kernel.rebase(shift) });
    this.joint.push({ name: definition.name, kernel, rows, sources: lines, cursors });
    return indicatorHandle(definition.name, definition.outputs, outputs, rows.cursor);
  }
}

/** The prices that an indicator reads of an input. One that compares two series cannot take the same price twice: it takes one, which is too few. */
function fieldsOf(handle: SeriesHandle, { inputs }: IndicatorDefinition): readonly Line[] {
  return inputs.length > 1 && inputs.every((field) => field === "value") ? [handle.close] : inputs.map((field) => fieldOf(handle, field));
}

function fieldOf(handle: SeriesHandle, field: string): Line {
  return field === "value" ? handle.close : handle[field as "open" | "high" | "low" | "close" | "volume"];
}

function tooLate(name: string): FailureError {
  return new FailureError({
    code: "TP_STRATEGY_INDICATOR_LATE",
    message: `Cannot make indicator "${name}" while the strategy runs: indicators are made in "create", before the first bar`,
    details: [],
    next: "move the call into create(params, { indicator }) and keep the handle",
  });
}

function wrongCount(name: string, wanted: number, given: number): FailureError {
  return new FailureError({
    code: "TP_STRATEGY_INDICATOR_INPUTS",
    message: `Cannot make indicator "${name}": it is given ${given} ${given === 1 ? "line" : "lines"}, allowed are exactly ${wanted}`,
    details: [],
    next: "pass the lines it reads with { of: [...] }, or a whole input with { of: input }",
  });
}

/** Indicators of one's own are user code. */
function snapshotOf(name: string, kernel: Kernel): Float64Array {
  let state: unknown;
  let found: string | undefined;
  try {
    state = kernel.snapshot();
  } catch (error) {
    found = error instanceof Error ? `the error "${error.message}"` : "something thrown";
  }
  if (state instanceof Float64Array) return state;
  throw new FailureError({
    code: "TP_STRATEGY_MEMORY",
    message: `Cannot keep indicator "${name}": its kernel gives ${found ?? `a ${typeof state}`} as its snapshot, allowed is a Float64Array`,
    details: [["indicator", name]],
    next: "let its kernel copy all that it remembers out in snapshot and take it back in restore",
  });
}
