/** A decimal as a whole count of 10^-scale. Exact at any size: filters compare products that pass 2^53. */
export interface Exact {
  readonly count: bigint;
  readonly scale: number;
}

/** Reads a plain decimal text; `undefined` when it is none. */
export function exact(text: string): Exact | undefined {
  const match = /^(-?)(\d{1,40})(?:\.(\d{1,40}))?$/.exec(text);
  if (match === null) return undefined;
  const fraction = match[3] ?? "";
  return { count: BigInt(`${match[1]}${match[2]}${fraction}`), scale: fraction.length };
}

/** Negative, zero or positive as `a` is below, equal to or above `b`. */
export function compare(a: Exact, b: Exact): number {
  const scale = Math.max(a.scale, b.scale);
  const difference = scaled(a, scale) - scaled(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function product(a: Exact, b: Exact): Exact {
  return { count: a.count * b.count, scale: a.scale + b.scale };
}

/** Whether `value` is a whole number of steps. A step of zero asks for nothing. */
export function isWholeSteps(value: Exact, step: Exact): boolean {
  const scale = Math.max(value.scale, step.scale);
  const size = scaled(step, scale);
  return size === 0n || scaled(value, scale) % size === 0n;
}

/** The largest whole number of steps not above `value`, written without needless zeros. */
export function floorToStep(value: Exact, step: Exact): string {
  const scale = Math.max(value.scale, step.scale);
  const size = scaled(step, scale);
  const count = scaled(value, scale);
  return print({ count: size === 0n ? count : count - (count % size), scale });
}

export function print(value: Exact): string {
  const digits = (value.count < 0n ? -value.count : value.count).toString().padStart(value.scale + 1, "0");
  const whole = digits.slice(0, digits.length - value.scale);
  const fraction = digits.slice(digits.length - value.scale).replace(/0+$/, "");
  return `${value.count < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

function scaled(value: Exact, scale: number): bigint {
  return value.count * 10n ** BigInt(scale - value.scale);
}
