/** An exact number: numerator over a positive denominator, in lowest terms. The rows of a bridge are such numbers, so that they sum to the cent and beyond. */
export class Fraction {
  static readonly zero: Fraction = new Fraction(0n, 1n);
  readonly numerator: bigint;
  readonly denominator: bigint;

  private constructor(numerator: bigint, denominator: bigint) {
    this.numerator = numerator;
    this.denominator = denominator;
  }

  /** Whole numbers as they come from the engine: quanta, lots, units. */
  static of(numerator: bigint | number, denominator: bigint | number = 1n): Fraction {
    const sign = BigInt(denominator) < 0n ? -1n : 1n;
    const top = BigInt(numerator) * sign;
    const bottom = BigInt(denominator) * sign;
    const divisor = gcd(top < 0n ? -top : top, bottom);
    return new Fraction(top / divisor, bottom / divisor);
  }

  plus(other: Fraction): Fraction {
    return Fraction.of(this.numerator * other.denominator + other.numerator * this.denominator, this.denominator * other.denominator);
  }

  minus(other: Fraction): Fraction {
    return this.plus(Fraction.of(-other.numerator, other.denominator));
  }

  times(other: Fraction): Fraction {
    return Fraction.of(this.numerator * other.numerator, this.denominator * other.denominator);
  }

  get isZero(): boolean {
    return this.numerator === 0n;
  }

  /** The nearest number, for people. */
  toNumber(): number {
    const whole = this.numerator / this.denominator;
    return Number(whole) + Number(this.numerator - whole * this.denominator) / Number(this.denominator);
  }

  /** Exact: a decimal where it has an end, `numerator/denominator` where it has none. `scale` decimals of it are below one. */
  toText(scale = 0): string {
    const whole = Fraction.of(this.numerator, this.denominator * 10n ** BigInt(scale));
    let decimals = 0;
    for (; decimals <= 60; decimals += 1) if ((whole.numerator * 10n ** BigInt(decimals)) % whole.denominator === 0n) break;
    if (decimals > 60) return `${whole.numerator}/${whole.denominator}`;
    const digits = String((abs(whole.numerator) * 10n ** BigInt(decimals)) / whole.denominator).padStart(decimals + 1, "0");
    const fraction = digits.slice(digits.length - decimals);
    return `${whole.numerator < 0n ? "-" : ""}${digits.slice(0, digits.length - decimals)}${decimals === 0 ? "" : `.${fraction}`}`;
  }
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function gcd(a: bigint, b: bigint): bigint {
  let [left, right] = [a, b];
  while (right !== 0n) [left, right] = [right, left % right];
  return left === 0n ? 1n : left;
}
