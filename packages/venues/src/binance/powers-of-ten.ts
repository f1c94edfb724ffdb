/** 10^0 to 10^15, each exact. */
export const POWERS_OF_TEN: Float64Array = Float64Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);
