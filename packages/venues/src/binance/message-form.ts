/** A hole in a form: what may stand there, and the place it goes to; -1 where nobody asks for it. */
export interface Hole {
  readonly kind: HoleKind;
  readonly index: number;
}

/** As numbers, since they are told apart for every field of every message. */
export const HOLES = { whole: 0, decimal: 1, flag: 2, anyWhole: 3, anyDecimal: 4 } as const;
type HoleKind = (typeof HOLES)[keyof typeof HOLES];

/** A whole number from zero up to 2^53 - 1. */
export const whole = (index: number): Hole => ({ kind: HOLES.whole, index });
/** Digits of a decimal from zero up, the count of whose last decimal is below 2^53; its quotation marks belong to the form. */
export const decimal = (index: number): Hole => ({ kind: HOLES.decimal, index });
/** True or false. */
export const flag = (index: number): Hole => ({ kind: HOLES.flag, index });
/** Any whole number. */
export const anyWhole: Hole = { kind: HOLES.anyWhole, index: -1 };
/** Digits and points. */
export const anyDecimal: Hole = { kind: HOLES.anyDecimal, index: -1 };

/**
 * Bytes that must stand at a place, ready to be compared eight at a time. Eight bytes of text are one number of 64 bits, and two of those are equal
 * just when the texts are: no text is a zero, and one that were no number would equal nothing.
 */
export class Literal {
  readonly length: number;
  /** As many as fit; the last eight bytes, or four, which may overlap them, are compared once more. */
  readonly eights: Float64Array;
  readonly lastEight: number;
  readonly firstFour: number;
  readonly lastFour: number;
  /** All of a text of less than four. */
  readonly bytes: Uint8Array;

  constructor(text: string) {
    const bytes = new TextEncoder().encode(text);
    const view = new DataView(bytes.buffer);
    const { length } = bytes;
    this.length = length;
    this.eights = Float64Array.from({ length: length >> 3 }, (_, k) => view.getFloat64(8 * k, true));
    this.lastEight = length < 8 ? 0 : view.getFloat64(length - 8, true);
    this.firstFour = length < 4 ? 0 : view.getInt32(0, true);
    this.lastFour = length < 4 ? 0 : view.getInt32(length - 4, true);
    this.bytes = bytes;
  }
}

interface Field extends Hole {
  /** What stands behind the hole. */
  readonly after: Literal;
}

/** A message in the one form in which it is written: text that never changes, with holes. Made by {@link form}. */
export class MessageForm {
  readonly head: Literal;
  readonly fields: readonly Field[];

  constructor(head: string, fields: readonly (readonly [hole: Hole, after: string])[]) {
    this.head = new Literal(head);
    this.fields = fields.map(([hole, after]) => ({ ...hole, after: new Literal(after) }));
  }
}

/** A template whose values are holes, or texts, which are written as JSON. */
export function form(texts: TemplateStringsArray, ...values: readonly (Hole | string)[]): MessageForm {
  let head = texts[0]!;
  const fields: [Hole, string][] = [];
  const add = (text: string): void => {
    const last = fields.at(-1);
    if (last === undefined) head += text;
    else last[1] += text;
  };
  for (const [at, value] of values.entries()) {
    if (typeof value === "string") add(JSON.stringify(value));
    else fields.push([value, ""]);
    add(texts[at + 1]!);
  }
  return new MessageForm(head, fields);
}
