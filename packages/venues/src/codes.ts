import type { CodeTable } from "@tradepulse/core";

/** Every code that a venue adapter can end with. */
export const VENUE_CODES: CodeTable = {
  TP_VENUE_HISTORY: {
    meaning: "Bars of the past could not be read from a venue.",
    remedy: "Wait and ask again; the message says what the venue answered.",
    exit: 3,
  },
  TP_VENUE_INTERVAL: {
    meaning: "A venue has no bars of the interval asked for.",
    remedy: "Choose one of the intervals that the message names.",
    exit: 2,
  },
  TP_VENUE_KEY: {
    meaning: "The private key of an account cannot be used for signing.",
    remedy: "Give an Ed25519 private key in PKCS#8 PEM, or an HMAC pair.",
    exit: 2,
  },
  TP_VENUE_FAULT: {
    meaning: "A fault of the local venue is named or described wrongly.",
    remedy: "Name faults by comma, each with its chance and details, such as response-lost=0.1,late-arrival:delay=8s.",
    exit: 2,
  },
  TP_VENUE_PORT: {
    meaning: "The local venue cannot listen on the port asked for.",
    remedy: "Choose another port, or 0 for any that is free.",
    exit: 2,
  },
  TP_VENUE_SYMBOL: {
    meaning: "The name of an instrument cannot be turned into a symbol of the venue.",
    remedy: "Write it like BTC-USDT@BINANCE.",
    exit: 2,
  },
  TP_VENUE_URL: {
    meaning: "The address of a venue is no https:// or wss:// address.",
    remedy: "Correct the address; only this machine is reached without encryption.",
    exit: 2,
  },
};
