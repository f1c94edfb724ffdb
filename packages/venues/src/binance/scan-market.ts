import type { FeedBar } from "../port/market-feed.ts";
import { ByteScan, hashOf, Literal } from "./byte-scan.ts";
import { decimalText } from "./decimal-text.ts";

/** Where the name of the stream begins in every message. */
const NAME_AT = `{"stream":"`.length;
const US_PER_MS = 1_000;
const LAST_TIME_US = 4_102_444_800_000 * US_PER_MS;
const MS_DIGITS_END = 100_000_000_000_000;

/** What a message tells of. */
export type MarketMessage = "bar" | "quote" | "trade";

/** A stream that is listened to, with the parts of its messages that never change. */
interface Listened {
  readonly kind: MarketMessage;
  readonly symbol: string;
  readonly head: Literal;
  /** The part that names the symbol. */
  readonly named: Literal;
  /** The part of a bar that names symbol and interval. */
  readonly series: Literal;
}

/** Places of numbers. Bars: open and end instant, prices, volume, final; quotes and trades as named. */
const [OPEN_AT, END_AT, OPEN, CLOSE, HIGH, LOW, VOLUME, FLAG] = [0, 1, 2, 3, 4, 5, 6, 7];
const [BID, BID_SIZE, ASK, ASK_SIZE] = [1, 2, 3, 4];
const [TRADE_ID, PRICE, QUANTITY, TIME] = [0, 1, 2, 3];

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
  private last: Listened | undefined;
  private readonly values = new Float64Array(8);
  private readonly decimals = new Uint8Array(8);

  constructor(symbols: readonly string[], interval: string) {
    for (const symbol of symbols) {
      const low = symbol.toLowerCase();
      const named = new Literal(`,"s":${JSON.stringify(symbol)},"k":{"t":`);
      const series = new Literal(`,"s":${JSON.stringify(symbol)},"i":${JSON.stringify(interval)},"f":`);
      this.listen(`${low}@kline_${interval}`, "bar", symbol, `{"e":"kline","E":`, named, series);
      this.listen(`${low}@bookTicker`, "quote", symbol, `{"u":`, new Literal(`,"s":${JSON.stringify(symbol)},"b":"`), series);
      this.listen(`${low}@aggTrade`, "trade", symbol, `{"e":"aggTrade","E":`, new Literal(`,"s":${JSON.stringify(symbol)},"a":`), series);
    }
  }

  /** What the message tells of, in the fields until the next call; `undefined` when it has to be read the long way. */
  read(message: Uint8Array): MarketMessage | undefined {
    const { scan } = this;
    if (!scan.begin(message)) return undefined;
    // Messages of one stream often follow each other.
    let stream = this.last;
    if (stream === undefined || !scan.literal(stream.head)) {
      stream = this.streams.get(scan.hash(NAME_AT));
      if (stream === undefined || !scan.literal(stream.head)) return undefined;
      this.last = stream;
    }
    const { kind, symbol } = stream;
    const isRead = kind === "bar" ? this.readBar(stream) : kind === "quote" ? this.readQuote(stream) : this.readTrade(stream);
    if (!isRead) return undefined;
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
      openUs: timeUs(this.values[OPEN_AT]!),
      closeUs: timeUs(this.values[END_AT]!) + US_PER_MS,
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
    return timeUs(this.values[TIME]!);
  }

  private listen(name: string, kind: MarketMessage, symbol: string, begins: string, named: Literal, series: Literal): void {
    const text = `{"stream":${JSON.stringify(name)},"data":${begins}`;
    const hash = hashOf(new TextEncoder().encode(text), NAME_AT);
    // Of two streams with one number the second is read the long way.
    if (!this.streams.has(hash)) this.streams.set(hash, { kind, symbol, head: new Literal(text), named, series });
  }

  private readBar({ named, series }: Listened): boolean {
    const { scan, values, decimals } = this;
    return (
      scan.skipWhole() &&
      scan.literal(named) &&
      this.time(OPEN_AT) &&
      scan.literal(BAR_END) &&
      this.time(END_AT) &&
      scan.literal(series) &&
      scan.skipWhole() &&
      scan.literal(BAR_LAST_TRADE) &&
      scan.skipWhole() &&
      scan.literal(BAR_OPEN) &&
      scan.decimal(values, decimals, OPEN) &&
      scan.literal(BAR_CLOSE) &&
      scan.decimal(values, decimals, CLOSE) &&
      scan.literal(BAR_HIGH) &&
      scan.decimal(values, decimals, HIGH) &&
      scan.literal(BAR_LOW) &&
      scan.decimal(values, decimals, LOW) &&
      scan.literal(BAR_VOLUME) &&
      scan.decimal(values, decimals, VOLUME) &&
      scan.literal(BAR_TRADES) &&
      scan.skipWhole() &&
      scan.literal(BAR_FINAL) &&
      scan.flag(values, FLAG) &&
      scan.literal(BAR_QUOTE_VOLUME) &&
      scan.skipDecimal() &&
      scan.literal(BAR_TAKER_VOLUME) &&
      scan.skipDecimal() &&
      scan.literal(BAR_TAKER_QUOTE_VOLUME) &&
      scan.skipDecimal() &&
      scan.literal(BAR_IGNORED) &&
      scan.skipDecimal() &&
      scan.literal(BAR_END_OF_ALL) &&
      scan.isAtEnd &&
      this.isSound()
    );
  }

  /** Ends after it begins, and high and low hold the other prices: compared as counts, so all need the same decimals. */
  private isSound(): boolean {
    const { values, decimals } = this;
    const scale = decimals[OPEN]!;
    if (decimals[CLOSE] !== scale || decimals[HIGH] !== scale || decimals[LOW] !== scale) return false;
    const [low, high] = [values[LOW]!, values[HIGH]!];
    if (timeUs(values[END_AT]!) + US_PER_MS <= timeUs(values[OPEN_AT]!)) return false;
    return low > 0 && low <= values[OPEN]! && low <= values[CLOSE]! && high >= values[OPEN]! && high >= values[CLOSE]! && high >= low;
  }

  private readQuote({ named }: Listened): boolean {
    const { scan, values, decimals } = this;
    return (
      scan.whole(values, 0) &&
      scan.literal(named) &&
      scan.decimal(values, decimals, BID) &&
      scan.literal(QUOTE_BID_SIZE) &&
      scan.decimal(values, decimals, BID_SIZE) &&
      scan.literal(QUOTE_ASK) &&
      scan.decimal(values, decimals, ASK) &&
      scan.literal(QUOTE_ASK_SIZE) &&
      scan.decimal(values, decimals, ASK_SIZE) &&
      scan.literal(QUOTE_END) &&
      scan.isAtEnd
    );
  }

  private readTrade({ named }: Listened): boolean {
    const { scan, values, decimals } = this;
    return (
      scan.skipWhole() &&
      scan.literal(named) &&
      scan.whole(values, TRADE_ID) &&
      scan.literal(TRADE_PRICE) &&
      scan.decimal(values, decimals, PRICE) &&
      scan.literal(TRADE_QUANTITY) &&
      scan.decimal(values, decimals, QUANTITY) &&
      scan.literal(TRADE_FIRST) &&
      scan.skipWhole() &&
      scan.literal(TRADE_LAST) &&
      scan.skipWhole() &&
      scan.literal(TRADE_TIME) &&
      this.time(TIME) &&
      scan.literal(TRADE_IS_MAKER) &&
      scan.flag(values, FLAG) &&
      scan.literal(TRADE_IGNORED) &&
      scan.flag(values, 6) &&
      scan.literal(TRADE_END) &&
      scan.isAtEnd
    );
  }

  private time(index: number): boolean {
    return this.scan.whole(this.values, index) && this.values[index]! <= LAST_TIME_US;
  }

  private text(index: number): string {
    return decimalText(this.values[index]!, this.decimals[index]!);
  }
}

/** Milliseconds, or microseconds where the stream was asked for them, as microseconds. */
function timeUs(stated: number): number {
  return stated >= MS_DIGITS_END ? stated : stated * US_PER_MS;
}

const BAR_END = new Literal(`,"T":`);
const BAR_LAST_TRADE = new Literal(`,"L":`);
const BAR_OPEN = new Literal(`,"o":"`);
const BAR_CLOSE = new Literal(`","c":"`);
const BAR_HIGH = new Literal(`","h":"`);
const BAR_LOW = new Literal(`","l":"`);
const BAR_VOLUME = new Literal(`","v":"`);
const BAR_TRADES = new Literal(`","n":`);
const BAR_FINAL = new Literal(`,"x":`);
const BAR_QUOTE_VOLUME = new Literal(`,"q":"`);
const BAR_TAKER_VOLUME = new Literal(`","V":"`);
const BAR_TAKER_QUOTE_VOLUME = new Literal(`","Q":"`);
const BAR_IGNORED = new Literal(`","B":"`);
const BAR_END_OF_ALL = new Literal(`"}}}`);
const QUOTE_BID_SIZE = new Literal(`","B":"`);
const QUOTE_ASK = new Literal(`","a":"`);
const QUOTE_ASK_SIZE = new Literal(`","A":"`);
const QUOTE_END = new Literal(`"}}`);
const TRADE_PRICE = new Literal(`,"p":"`);
const TRADE_QUANTITY = new Literal(`","q":"`);
const TRADE_FIRST = new Literal(`","f":`);
const TRADE_LAST = new Literal(`,"l":`);
const TRADE_TIME = new Literal(`,"T":`);
const TRADE_IS_MAKER = new Literal(`,"m":`);
const TRADE_IGNORED = new Literal(`,"M":`);
const TRADE_END = new Literal(`}}`);
