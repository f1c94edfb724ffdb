/** The account that is traded, and what it begins with. */
export const ACCOUNT = "trader";
export const OPENING_QUOTE = "10000";
export const OPENING_BALANCES = { USDT: OPENING_QUOTE, BNB: "5" } as const;
