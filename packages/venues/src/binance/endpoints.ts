import { FailureError } from "@tradepulse/core";

/** Where the venue is reached. Base URLs without a slash at the end. */
export interface BinanceEndpoints {
  readonly rest: string;
  readonly wsApi: string;
  readonly streams: string;
}

/** Paper money; what everything here uses unless told otherwise. */
export const BINANCE_TEST: BinanceEndpoints = {
  rest: "https://testnet.binance.vision",
  wsApi: "wss://ws-api.testnet.binance.vision/ws-api/v3",
  streams: "wss://stream.testnet.binance.vision",
};

/** Real money. */
export const BINANCE_LIVE: BinanceEndpoints = {
  rest: "https://api.binance.com",
  wsApi: "wss://ws-api.binance.com:443/ws-api/v3",
  streams: "wss://stream.binance.com:9443",
};

const ENCRYPTED: readonly string[] = ["https", "wss"];

/** Refuses to send keys or orders in clear text to anywhere but this machine. */
export function checkEndpoint(url: string): string {
  const match = /^(https?|wss?):\/\/([^/:?#@]+|\[[^\]]+\])(:\d+)?(\/[^?#]*)?$/.exec(url);
  const isLocal = match !== null && ["localhost", "127.0.0.1", "[::1]"].includes(match[2]!);
  if (match === null || (!isLocal && !ENCRYPTED.includes(match[1]!))) {
    throw new FailureError({
      code: "TP_VENUE_URL",
      message: `Cannot use "${url}" as an address of "binance": allowed are https:// and wss://, and without encryption only this machine`,
      details: [],
      next: "correct the address in the options of the venue",
    });
  }
  return url.replace(/\/+$/, "");
}
