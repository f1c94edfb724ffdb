/** Where bad input comes from, and in which ways it can be bad. The whole set: a label that is not here cannot be counted. */
export const BAD_INPUT = {
  "market-stream": ["unreadable", "strange", "unknown-type", "unknown-symbol", "duplicated", "out-of-order", "oversized"],
  "private-stream": ["unreadable", "strange", "unknown-type", "unknown-symbol", "duplicated", "out-of-order", "oversized", "refused"],
  rest: ["unreadable", "strange", "oversized"],
  bars: ["prices", "volume", "times", "unknown-symbol", "duplicated", "out-of-order"],
  operator: ["unreadable", "oversized"],
  secrets: ["unreadable", "refused"],
  journal: ["behind", "disk-full", "dead", "closed", "other"],
  files: ["unreadable"],
} as const;

export type InputSource = keyof typeof BAD_INPUT;
export type InputFlaw<S extends InputSource = InputSource> = (typeof BAD_INPUT)[S][number];

/** A count that is not zero. */
export interface InputCount {
  readonly source: InputSource;
  readonly kind: string;
  readonly count: number;
}

/** A family of figures as a monitoring system wants them. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  readonly samples: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

/** Counts what came in and could not be used, by source and kind. Both sets are closed, so their product bounds what a monitoring system must keep. */
export class InputCounters {
  private readonly counts = new Map<string, number>();

  count<S extends InputSource>(source: S, kind: InputFlaw<S>, times = 1): void {
    const label = `${source} ${kind}`;
    this.counts.set(label, (this.counts.get(label) ?? 0) + times);
  }

  of<S extends InputSource>(source: S, kind: InputFlaw<S>): number {
    return this.counts.get(`${source} ${kind}`) ?? 0;
  }

  get total(): number {
    let sum = 0;
    for (const count of this.counts.values()) sum += count;
    return sum;
  }

  /** What was counted at all, in the order of the table. */
  rows(): readonly InputCount[] {
    return this.cells().filter(({ count }) => count > 0);
  }

  /** Every cell, zeros too: a series that appears only with its first event hides that event from a rate. */
  snapshot(): MetricFamily {
    return {
      name: "tradepulse_bad_input_total",
      help: "Messages, answers, files and words that could not be used, by where they came from and what was wrong with them.",
      type: "counter",
      samples: this.cells().map(({ source, kind, count }) => ({ labels: { source, kind }, value: count })),
    };
  }

  private cells(): InputCount[] {
    return (Object.keys(BAD_INPUT) as InputSource[]).flatMap((source) =>
      BAD_INPUT[source].map((kind) => ({ source, kind, count: this.counts.get(`${source} ${kind}`) ?? 0 })),
    );
  }
}
