/**
 * Book updates a second: a payload from the bytes in which it arrives to a changed and readable best price, against the stream code of ccxt on the
 * same payloads, and beside our own long way by JSON.parse, which every payload takes that the scanner declines. All follow the venue's rule for
 * sequence numbers and keep the whole book; at the end the books must agree level by level. In one process, in turns.
 *
 *     node benchmarks/book-updates.ts [rounds=15] [ccxt=ccxt]      ccxt may be the path of its js/ccxt.js
 *
 * Payloads: a recording of BTCUSDT in the shared data (see its README for where it comes from).
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { DepthBook, parseDepthUpdate } from "@tradepulse/venues";
import { DepthScan } from "../packages/venues/src/binance/scan-depth.ts";
import { Shape } from "../packages/venues/src/binance/schema.ts";
import { type BenchRow, median, printRows } from "./statistics.ts";

const COMPARED = 200;

/** What we use of ccxt, which may not be installed. */
interface CcxtBinance {
  setMarkets(markets: readonly object[]): void;
  handleMessage(client: object, message: unknown): void;
  orderBook(snapshot: object): CcxtBook;
  readonly orderbooks: Record<string, CcxtBook>;
}

interface CcxtBook {
  nonce: number | undefined;
  readonly bids: readonly (readonly [number, number])[];
  readonly asks: readonly (readonly [number, number])[];
}

type Tops = readonly [bids: readonly number[], asks: readonly number[]];

/** A book of a recording, and what it has come to. */
interface Tape {
  readonly messages: readonly Buffer[];
  readonly firstId: number;
  tops: Tops | undefined;
}

/** All sides in turns; a third of the rounds warms up. */
export async function benchBookUpdates(rounds: number, ccxt = "ccxt"): Promise<BenchRow[]> {
  const tape = readTape();
  if (tape === undefined) {
    console.error("book updates are not measured: the recording in the shared data is absent");
    return [];
  }
  const makeCcxt = await loadCcxt(ccxt);
  const ours: number[] = [];
  const long: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const sides: (() => void)[] = [() => ours.push(timeOurs(tape)), () => long.push(timeLong(tape))];
    if (makeCcxt !== undefined) sides.push(() => theirs.push(timeCcxt(tape, makeCcxt)));
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) side();
  }
  const warm = Math.floor(rounds / 3);
  const count = tape.messages.length;
  const note = `${count} payloads of ${Math.round(tape.messages.reduce((sum, { length }) => sum + length, 0) / count)} bytes`;
  const row = (what: string, value: number, unit: string): BenchRow => ({
    goal: "book",
    what,
    value,
    unit,
    target: "",
    met: undefined,
    note,
  });
  const rate = (times: readonly number[]): number => count / median(times.slice(warm));
  const ratio = (times: readonly number[]): number => median(times.slice(warm).map((time, k) => time / ours[warm + k]!));
  const rows = [
    row("book updates a second", rate(ours), "updates/s"),
    row("the same by JSON.parse", rate(long), "updates/s"),
    row("ratio, ours to JSON.parse", ratio(long), "x"),
  ];
  if (makeCcxt === undefined) console.error("ccxt is not measured: it is not installed; npm install --no-save ccxt");
  else rows.push(row("the same by ccxt", rate(theirs), "updates/s"), row("ratio, ours to ccxt's", ratio(theirs), "x"));
  return rows;
}

/** Seconds for all payloads. */
function timeOurs(tape: Tape): number {
  const scan = new DepthScan("btcusdt@depth@100ms", "BTCUSDT");
  return timeBook(tape, (book, message) => (scan.read(message) ? book.updateScanned(scan) : undefined));
}

function timeLong(tape: Tape): number {
  return timeBook(tape, (book, message) => {
    const { data } = JSON.parse(message.toString("utf8")) as { readonly data: unknown };
    return book.update(parseDepthUpdate(new Shape(data, "$")));
  });
}

function timeBook(tape: Tape, take: (book: DepthBook, message: Buffer) => string | undefined): number {
  const book = new DepthBook("BTCUSDT");
  book.snapshot({ lastUpdateId: tape.firstId - 1, bids: [], asks: [] });
  let sum = 0;
  const started = performance.now();
  for (const message of tape.messages) {
    const outcome = take(book, message);
    if (outcome !== "applied") throw new Error(`an update was not applied: ${outcome}`);
    sum += book.bids.bestKey + book.asks.bestKey;
  }
  const seconds = (performance.now() - started) / 1_000;
  if (!(sum > 0)) throw new Error("the book has no prices");
  const { bids, asks } = book.top(COMPARED);
  compare(tape, [bids.flat().map(Number), asks.flat().map(Number)]);
  return seconds;
}

function timeCcxt(tape: Tape, make: () => CcxtBinance): number {
  const exchange = make();
  exchange.setMarkets([
    { id: "BTCUSDT", symbol: "BTC/USDT", base: "BTC", quote: "USDT", spot: true, type: "spot", active: true, info: {} },
  ]);
  const book = exchange.orderBook({});
  book.nonce = tape.firstId - 1;
  exchange.orderbooks["BTC/USDT"] = book;
  const client = {
    url: "wss://stream.binance.com:9443/stream",
    subscriptions: {},
    resolve: () => undefined,
    reject: (error: unknown) => {
      throw error;
    },
  };
  let sum = 0;
  const started = performance.now();
  for (const message of tape.messages) {
    exchange.handleMessage(client, JSON.parse(message.toString("utf8")));
    sum += (book.bids[0]?.[0] ?? 0) + (book.asks[0]?.[0] ?? 0);
  }
  const seconds = (performance.now() - started) / 1_000;
  if (!(sum > 0)) throw new Error("the book of ccxt has no prices");
  compare(tape, [book.bids.slice(0, COMPARED).flat(), book.asks.slice(0, COMPARED).flat()]);
  return seconds;
}

/** Nothing is worth a time that came to another book. */
function compare(tape: Tape, found: Tops): void {
  tape.tops ??= found;
  if (JSON.stringify(found) !== JSON.stringify(tape.tops)) throw new Error(`the books differ: ${JSON.stringify(found).slice(0, 200)}`);
}

async function loadCcxt(name: string): Promise<(() => CcxtBinance) | undefined> {
  try {
    const module = (await import(name)) as { readonly default: { readonly pro: { readonly binance: new () => CcxtBinance } } };
    return () => new module.default.pro.binance();
  } catch (error) {
    if ((error as { readonly code?: string }).code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

function readTape(): Tape | undefined {
  const file = new URL("../../shared/data/market/depth/binance_spot_btcusdt_20240808.jsonl.gz", import.meta.url);
  if (!existsSync(fileURLToPath(file))) return undefined;
  const lines = gunzipSync(readFileSync(file)).toString("utf8").split("\n");
  const texts = lines.filter((line) => line.includes('"e":"depthUpdate"')).map((line) => line.slice(line.indexOf(" ") + 1));
  const firstId = (JSON.parse(texts[0]!) as { readonly data: { readonly U: number } }).data.U;
  return { messages: texts.map((text) => Buffer.from(text)), firstId, tops: undefined };
}

if (import.meta.main) printRows(await benchBookUpdates(Number(process.argv[2] ?? 15), process.argv[3]));
