import {
  BarSeries,
  type BoundStrategy,
  Engine,
  engineOptions,
  FactDriver,
  type Instrument,
  instrument,
  type OrderCommand,
  riskEngine,
} from "@tradepulse/core";
import { type Env, type HttpRequest, type HttpResponse, realEnv, Secret, type WebSocketHandlers } from "@tradepulse/platform";
import { type BinanceExecution, type BinanceFeed, binanceExecution, binanceFeed } from "@tradepulse/venues";
import { Dispatcher } from "../../packages/live/src/dispatch/dispatcher.ts";
import { RecordBuffer } from "../../packages/live/src/journal/record-buffer.ts";
import { orderNews } from "../../packages/live/src/news/order-news.ts";
import { BarAssembler } from "../../packages/live/src/session/bar-assembler.ts";
import { OrderRegister } from "../../packages/live/src/session/order-register.ts";
import { Sequencer } from "../../packages/live/src/session/sequencer.ts";

export const SYMBOL = "BTCUSDT";
const MINUTE_US = 60_000_000;
const START_US = 1_767_225_600_000_000;
/** Not a key of anybody: the one of the venue's own documentation. */
export const SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";

const BTC: Instrument = instrument({
  id: "BTC-USDT@BINANCE",
  quote: { code: "USDT", scale: 8 },
  priceScale: 2,
  tickUnits: 1,
  tickKnown: true,
  lotScale: 8,
  lotUnits: 1,
  stepLots: 1_000,
});

/** Keeps records as the file journal does, encoded and with their checksums, and calls them durable at once: there is no disk. */
class JournalWithoutDisk {
  private readonly records = new RecordBuffer();
  private lastSeq = 0;

  append(kind: string, payload: object): number {
    this.lastSeq += 1;
    if (this.records.length > 1_000_000) this.records.clear();
    this.records.add(kind, this.lastSeq, payload);
    return this.lastSeq;
  }

  durable(): Promise<void> {
    return Promise.resolve();
  }
}

/**
 * A live session from the bytes of the market's messages to the signed bytes of an order: feed, assembler, sequencer, journal records, engine, risk,
 * dispatcher and the venue's client are the product's own, wired as the session wires them. Left out is what waits: disk and network. Its clock goes
 * a minute further with each bar, on top of the machine's own.
 */
export class TickSession {
  /** The stream's far side: what arrives is given to `onBytes` or `onMessage`. */
  socket!: WebSocketHandlers;
  commands = 0;
  /** When the last order stood ready to leave, and its body. */
  signedMs = 0;
  body = "";
  /** The last best bid, for whoever looks at quotes. */
  bid = "";
  private readonly sequencer: Sequencer;
  private aheadUs = 0;
  private readonly env: Env;
  private readonly execution: BinanceExecution;
  private readonly dispatcher: Dispatcher;
  private readonly feed: BinanceFeed;
  private readonly engine: Engine;
  private readonly carriesOut: boolean;
  private readonly subscription: { close(): void };

  constructor(strategy: BoundStrategy, carriesOut: boolean) {
    this.carriesOut = carriesOut;
    const real = realEnv();
    this.env = {
      ...real,
      // The machine's clocks are asked for what it costs; what they say would make two runs differ.
      monoUs: () => Math.min(real.monoUs(), 0) + this.aheadUs,
      wallUs: () => Math.min(real.wallUs(), 0) + START_US + this.aheadUs,
      http: (request) => this.http(request),
      webSocket: (_url, handlers) => {
        this.socket = handlers;
        return { send: () => undefined, ping: () => undefined, close: () => undefined };
      },
    };
    this.engine = new Engine({
      instruments: [BTC],
      series: [BarSeries.growing("main", 0, MINUTE_US, 8_192, true)],
      strategy,
      options: engineOptions({
        capital: 1_000_000,
        equity: "session",
        risk: riskEngine({ maxOrderNotional: 50_000, maxOpenOrders: 100 }, [BTC]),
      }),
      live: true,
    });
    const driver = new FactDriver(this.engine);
    const journal = new JournalWithoutDisk();
    this.sequencer = new Sequencer(this.env, journal, driver, (command, factSeq) => {
      this.commands += 1;
      const seq = journal.append("command", { ...command, factSeq });
      if (this.carriesOut) this.dispatcher.enqueue(command, seq);
      else this.ended(command);
    });
    const assembler = new BarAssembler([{ symbol: SYMBOL, intervalUs: MINUTE_US, isBuilt: false }], (bars, closeUs) => {
      for (const bar of bars) this.sequencer.push({ ...bar, atUs: closeUs });
      this.sequencer.push({ kind: "step", atUs: closeUs });
    });
    this.execution = binanceExecution(this.env, {
      key: { kind: "hmac", apiKey: new Secret("a-key-of-the-benchmark"), secret: new Secret(SECRET) },
      restUrl: "http://127.0.0.1:1",
      wsApiUrl: "ws://127.0.0.1:1",
    });
    this.dispatcher = new Dispatcher({
      env: this.env,
      journal,
      client: this.execution,
      register: new OrderRegister(),
      instruments: [{ instrument: BTC, symbol: SYMBOL, baseAsset: "BTC" }],
      epoch: 3,
      orderLifeUs: 2_000_000,
      venueUs: () => this.env.wallUs(),
      mayNotSend: () => undefined,
      mayNotExit: () => undefined,
      tell: (news) => this.sequencer.push({ kind: "order", ...news }),
      onUnknown: unexpected,
      onDoubt: unexpected,
      pursuit: { begin: () => Promise.resolve() },
      onAcknowledged: unexpected,
      onAlarm: unexpected,
    });
    this.sequencer.push({ kind: "trust", instrumentIndex: -1, isTrusted: true, reason: "a benchmark" });
    this.feed = binanceFeed(this.env, { restUrl: "http://127.0.0.1:1", streamUrl: "ws://127.0.0.1:1" });
    this.subscription = this.feed.subscribe([SYMBOL], MINUTE_US, {
      onBar: (bar) => assembler.take(bar),
      onQuote: (_symbol, bid) => {
        this.bid = bid;
      },
      onReady: () => undefined,
      onDoubt: () => undefined,
      onUnreadable: unexpected,
    });
    this.socket.onOpen();
  }

  get events(): Engine["events"] {
    return this.engine.events;
  }

  /** The clock goes on by a bar; the venue's clock is measured anew where that is due. Nothing of it is timed. */
  async nextBar(): Promise<void> {
    this.aheadUs += MINUTE_US;
    await this.execution.measureClock();
  }

  /** Every command has been carried out. */
  drained(): Promise<void> {
    return this.dispatcher.drained();
  }

  close(): void {
    this.subscription.close();
  }

  /** The venue would refuse it: the order ends and the next bar finds the account as it was. */
  private ended(command: OrderCommand): void {
    queueMicrotask(() => this.sequencer.push({ kind: "order", ...orderNews("rejected", command.orderId) }));
  }

  private http(request: HttpRequest): Promise<HttpResponse> {
    if (request.method === "POST") {
      this.signedMs = performance.now();
      this.body = request.body!;
      return Promise.resolve({ status: 400, headers: {}, body: '{"code":-2010,"msg":"Order would immediately match and take."}' });
    }
    return Promise.resolve({ status: 200, headers: {}, body: `{"serverTime":${Math.floor(this.env.wallUs() / 1_000)}}` });
  }
}

/** Messages of one bar: while it forms, and when it has closed. */
export function ticksOf(bar: number, count: number): { readonly forming: readonly Buffer[]; readonly closing: Buffer } {
  const price = (k: number): string => (61_000 + 400 * Math.sin(bar / 17) + 50 * Math.sin(k)).toFixed(2).padEnd(14, "0");
  const openMs = START_US / 1_000 + 60_000 * bar;
  const message = (k: number, isFinal: boolean): Buffer => {
    const head = `"e":"kline","E":${openMs + 2_000 * k},"s":"${SYMBOL}"`;
    const span = `"t":${openMs},"T":${openMs + 59_999},"s":"${SYMBOL}","i":"1m","f":${100 * bar},"L":${100 * bar + k}`;
    const prices = `"o":"${price(0)}","c":"${price(k)}","h":"61999.00000000","l":"60001.00000000","v":"12.34560000"`;
    const rest = `"n":${k},"x":${isFinal},"q":"753000.12000000","V":"6.10000000","Q":"372000.00000000","B":"0"`;
    return Buffer.from(`{"stream":"btcusdt@kline_1m","data":{${head},"k":{${span},${prices},${rest}}}}`);
  };
  return { forming: Array.from({ length: count }, (_, k) => message(k, false)), closing: message(count, true) };
}

export function quoteMessage(id: number): Buffer {
  const sides = `"b":"61837.63000000","B":"3.78826000","a":"61837.64000000","A":"1.54698000"`;
  return Buffer.from(`{"stream":"btcusdt@bookTicker","data":{"u":${50_093_239_212 + id},"s":"${SYMBOL}",${sides}}}`);
}

function unexpected(...what: unknown[]): never {
  throw new Error(`this was not to happen: ${what.map(String).join(" ")}`);
}
