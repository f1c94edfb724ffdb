import { offsetUs } from "../time/parse-timestamp.ts";

/** The exact places of an ISO date and time of fixed width: what the fast reader compares each row with. */
export interface IsoShape {
  readonly dateSeparator: number;
  /** The byte between date and clock; 0 when there is only a date. */
  readonly clockSeparator: number;
  readonly hasSeconds: boolean;
  readonly fractionDigits: number;
  /** Microseconds of one unit of the last digit kept; nanoseconds are cut to six digits. */
  readonly fractionScale: number;
  /** The zone as written, byte for byte; empty when none is. */
  readonly suffix: Uint8Array;
  readonly offsetUs: number;
}

const SHAPE = /^\d{4}([-/.])\d{2}\1\d{2}(?:([T ])\d{2}:\d{2}(:\d{2}(?:\.(\d{1,9}))?)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** The shape of a timestamp; `undefined` when it is not of fixed width. */
export function isoShapeOf(text: string): IsoShape | undefined {
  const match = SHAPE.exec(text);
  if (match === null) return undefined;
  const fractionDigits = match[4]?.length ?? 0;
  const suffix = match[5] ?? "";
  return {
    dateSeparator: match[1]!.charCodeAt(0),
    clockSeparator: match[2]?.charCodeAt(0) ?? 0,
    hasSeconds: match[3] !== undefined,
    fractionDigits,
    fractionScale: 10 ** (6 - Math.min(6, fractionDigits)),
    suffix: new TextEncoder().encode(suffix),
    offsetUs: offsetUs(suffix),
  };
}
