import { US_PER_MS } from "@tradepulse/core";
import type { FeedBar } from "../port/market-feed.ts";
import { ByteScan, hashOf } from "./byte-scan.ts";
import { decimalText } from "./decimal-text.ts";
import { anyDecimal, anyWhole, decimal, flag, form, type MessageForm, whole } from "./message-form.ts";
import { LAST_TIME_US, statedUs } from "./schema.ts";

/** Where the name of the stream begins in every message. */
const NAME_AT = `{"stream":"`.length;

/** What a message tells of. */
export type MarketMessage = "bar" | "quote" | "trade";

/** A stream that is listened to. */
interface Listened {
  readonly kind: MarketMessage;
  readonly symbol: string;
  readonly form: MessageForm;
}

/** Places of numbers. Bars: open and end instant, prices, volume, final; quotes and trades as named. */
const [OPEN_AT, END_AT, OPEN, CLOSE, HIGH, LOW, VOLUME, FLAG] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const [UPDATE_ID, BID, BID_SIZE, ASK, ASK_SIZE] = [0, 1, 2, 3, 4] as const;
const [TRADE_ID, PRICE, QUANTITY, TIME, IS_BEST] = [0, 1, 2, 3, 4] as const;

/**
 * Reads bars, best prices and trades of several symbols from the bytes of the stream's messages, in the one form in which the venue writes them:
 *
 * ```json
 * {"stream":"btcusdt@kline_1m","data":{"e":"kline","E":1767225660001,"s":"BTCUSDT","k":{"t":1767225600000,"T":1767225659999,"s":"BTCUSDT","i":"1m","f":100,"L":200,"o":"61000.10000000","c":"61005.00000000","h":"61010.00000000","l":"60990.00000000","v":"12.34560000","n":100,"x":true,"q":"753000.12000000","V":"6.10000000","Q":"372000.00000000","B":"0"}}}
 * {"stream":"btcusdt@bookTicker","data":{"u":50093239212,"s":"BTCUSDT","b":"61837.63000000","B":"3.78826000","a":"61837.64000000","A":"1.54698000"}}
 * {"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1767225600124,"s":"BTCUSDT","a":12345,"p":"61000.10000000","q":"0.20000000","f":100,"l":105,"T":1767225600123,"m":true,"M":true}}
 * ```
 *
 * What it understands it understands as `parse-market.ts` does, value for value; everything else, and whatever would be refused there, it declines.
 */
export class MarketScan {
  /** Of the message that was read last. */
  symbol = "";
  private readonly scan = new ByteScan();
  private readonly streams = new Map<number, Listened>();
  private last: Listened = { kind: "quote", symbol: "", form: form`none` };
  private readonly values = new Float64Array(8);
  private readonly decimals = new Uint8Array(8);

  constructor(symbols: readonly string[], interval: string) {
    for (const symbol of symbols) {
      const low = symbol.toLowerCase();
      this.listen(`${low}@kline_${interval}`, "bar", symbol, barForm(`${low}@kline_${interval}`, symbol, interval));
      this.listen(`${low}@bookTicker`, "quote", symbol, quoteForm(`${low}@bookTicker`, symbol));
      this.listen(`${low}@aggTrade`, "trade", symbol, tradeForm(`${low}@aggTrade`, symbol));
    }
  }

  /** What the message tells of, in the fields until the next call; `undefined` when it has to be read the long way. */
  read(message: Uint8Array): MarketMessage | undefined {
    const { scan, values, decimals } = this;
    if (!scan.begin(message)) return undefined;
    // Messages of one stream often follow each other.
    let stream = this.last;
    if (!scan.literal(stream.form.head)) {
      const other = this.streams.get(scan.hash(NAME_AT));
      if (other === undefined || !scan.literal(other.form.head)) return undefined;
      stream = this.last = other;
    }
    const { kind, form: of, symbol } = stream;
    if (!scan.fields(of.fields, values, decimals) || !scan.isAtEnd) return undefined;
    if (kind === "bar" && !this.isSoundBar()) return undefined;
    if (kind === "trade" && values[TIME]! > LAST_TIME_US) return undefined;
    this.symbol = symbol;
    return kind;
  }

  /** Of a bar: the venue says that it is final. */
  get isClosed(): boolean {
    return this.values[FLAG] === 1;
  }

  bar(): FeedBar {
    return {
      symbol: this.symbol,
      openUs: statedUs(this.values[OPEN_AT]!),
      closeUs: statedUs(this.values[END_AT]!) + US_PER_MS,
      open: this.text(OPEN),
      high: this.text(HIGH),
      low: this.text(LOW),
      close: this.text(CLOSE),
      volume: this.text(VOLUME),
    };
  }

  get bid(): string {
    return this.text(BID);
  }

  get bidSize(): string {
    return this.text(BID_SIZE);
  }

  get ask(): string {
    return this.text(ASK);
  }

  get askSize(): string {
    return this.text(ASK_SIZE);
  }

  get tradeId(): number {
    return this.values[TRADE_ID]!;
  }

  get price(): string {
    return this.text(PRICE);
  }

  get quantity(): string {
    return this.text(QUANTITY);
  }

  get buyerIsMaker(): boolean {
    return this.values[FLAG] === 1;
  }

  get tradeUs(): number {
    return statedUs(this.values[TIME]!);
  }

  private listen(name: string, kind: MarketMessage, symbol: string, of: MessageForm): void {
    const hash = hashOf(new TextEncoder().encode(JSON.stringify(name)), 1);
    // Of two streams with one number the second is read the long way.
    if (!this.streams.has(hash)) this.streams.set(hash, { kind, symbol, form: of });
  }

  /** Ends after it begins, and high and low hold the other prices: compared as counts, so all need the same decimals. */
  private isSoundBar(): boolean {
    const { values, decimals } = this;
    const scale = decimals[OPEN]!;
    if (decimals[CLOSE] !== scale || decimals[HIGH] !== scale || decimals[LOW] !== scale) return false;
    if (values[OPEN_AT]! > LAST_TIME_US || values[END_AT]! > LAST_TIME_US) return false;
    if (statedUs(values[END_AT]!) + US_PER_MS <= statedUs(values[OPEN_AT]!)) return false;
    const [low, high] = [values[LOW]!, values[HIGH]!];
    return low > 0 && low <= values[OPEN]! && low <= values[CLOSE]! && high >= values[OPEN]! && high >= values[CLOSE]!;
  }

  private text(index: number): string {
    return decimalText(this.values[index]!, this.decimals[index]!);
  }
}

function barForm(stream: string, symbol: string, interval: string): MessageForm {
  return form`{"stream":${stream},"data":{"e":"kline","E":${anyWhole},"s":${symbol},"k":{"t":${whole(OPEN_AT)},"T":${whole(END_AT)},"s":${symbol},"i":${interval},"f":${anyWhole},"L":${anyWhole},"o":"${decimal(OPEN)}","c":"${decimal(CLOSE)}","h":"${decimal(HIGH)}","l":"${decimal(LOW)}","v":"${decimal(VOLUME)}","n":${anyWhole},"x":${flag(FLAG)},"q":"${anyDecimal}","V":"${anyDecimal}","Q":"${anyDecimal}","B":"${anyDecimal}"}}}`;
}

function quoteForm(stream: string, symbol: string): MessageForm {
  return form`{"stream":${stream},"data":{"u":${whole(UPDATE_ID)},"s":${symbol},"b":"${decimal(BID)}","B":"${decimal(BID_SIZE)}","a":"${decimal(ASK)}","A":"${decimal(ASK_SIZE)}"}}`;
}

function tradeForm(stream: string, symbol: string): MessageForm {
  return form`{"stream":${stream},"data":{"e":"aggTrade","E":${anyWhole},"s":${symbol},"a":${whole(TRADE_ID)},"p":"${decimal(PRICE)}","q":"${decimal(QUANTITY)}","f":${anyWhole},"l":${anyWhole},"T":${whole(TIME)},"m":${flag(FLAG)},"M":${flag(IS_BEST)}}}`;
}
