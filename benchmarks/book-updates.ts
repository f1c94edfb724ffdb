/**
 * Book updates a second: a payload from its text to a changed and readable best price, against the stream code of ccxt on the same payloads, and
 * beside what JSON.parse alone takes of it. Both sides parse the text with JSON.parse, follow the venue's rule for sequence numbers and keep the whole book; at the end both
 * books must agree level by level. In one process, in turns. Our side also checks every field of every message before it touches the book.
 *
 *     node benchmarks/book-updates.ts [rounds=15] [ccxt=ccxt]      ccxt may be the path of its js/ccxt.js
 *
 * Payloads: a recording of BTCUSDT in the shared data (see its README for where it comes from).
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { DepthBook, parseDepthUpdate } from "@tradepulse/venues";
import { Shape } from "../packages/venues/src/binance/schema.ts";
import { type BenchRow, median, printRows } from "./statistics.ts";

const COMPARED = 200;

const rounds = Number(process.argv[2] ?? 15);
const texts = readTexts();
const firstId = (JSON.parse(texts[0]!) as { readonly data: { readonly U: number } }).data.U;

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

const makeCcxt = await loadCcxt(process.argv[3] ?? "ccxt");
const ours: number[] = [];
const theirs: number[] = [];
const parses: number[] = [];
let tops: Tops | undefined;
for (let round = 0; round < rounds; round += 1) {
  const sides: (() => void)[] = [() => ours.push(timeOurs())];
  if (makeCcxt !== undefined) sides.push(() => theirs.push(timeCcxt(makeCcxt)));
  for (const side of round % 2 === 0 ? sides : sides.toReversed()) side();
  parses.push(timeParse());
}
const warm = Math.floor(rounds / 3);
const ourTime = median(ours.slice(warm));
const rows: BenchRow[] = [
  row("book updates a second", texts.length / ourTime, "updates/s"),
  row("share of JSON.parse in it", median(parses.slice(warm)) / ourTime, ""),
];
if (makeCcxt === undefined) console.log("ccxt is not measured: it is not installed; npm install --no-save ccxt");
else {
  const ratios = theirs.slice(warm).map((time, k) => time / ours[warm + k]!);
  rows.push(row("the same by ccxt", texts.length / median(theirs.slice(warm)), "updates/s"));
  rows.push(row("ratio, ours to ccxt's", median(ratios), "x"));
}
printRows(rows);

function row(what: string, value: number, unit: string): BenchRow {
  const bytes = Math.round(texts.join("").length / texts.length);
  return { goal: "book", what, value, unit, target: "", met: undefined, note: `${texts.length} payloads of ${bytes} bytes` };
}

function timeParse(): number {
  let sum = 0;
  const started = performance.now();
  for (const text of texts) sum += (JSON.parse(text) as { readonly data: { readonly u: number } }).data.u;
  if (!(sum > 0)) throw new Error("the payloads have no numbers");
  return (performance.now() - started) / 1_000;
}

/** Seconds for all payloads. */
function timeOurs(): number {
  const book = new DepthBook("BTCUSDT");
  book.snapshot({ lastUpdateId: firstId - 1, bids: [], asks: [] });
  let sum = 0;
  const started = performance.now();
  for (const text of texts) {
    const outcome = book.update(parseDepthUpdate(new Shape((JSON.parse(text) as { readonly data: unknown }).data, "$")));
    if (outcome !== "applied") throw new Error(`an update was not applied: ${outcome}`);
    sum += book.bids.bestKey + book.asks.bestKey;
  }
  const seconds = (performance.now() - started) / 1_000;
  if (!(sum > 0)) throw new Error("the book has no prices");
  const { bids, asks } = book.top(COMPARED);
  compare([bids.flat().map(Number), asks.flat().map(Number)]);
  return seconds;
}

function timeCcxt(make: () => CcxtBinance): number {
  const exchange = make();
  exchange.setMarkets([
    { id: "BTCUSDT", symbol: "BTC/USDT", base: "BTC", quote: "USDT", spot: true, type: "spot", active: true, info: {} },
  ]);
  const book = exchange.orderBook({});
  book.nonce = firstId - 1;
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
  for (const text of texts) {
    exchange.handleMessage(client, JSON.parse(text));
    sum += (book.bids[0]?.[0] ?? 0) + (book.asks[0]?.[0] ?? 0);
  }
  const seconds = (performance.now() - started) / 1_000;
  if (!(sum > 0)) throw new Error("the book of ccxt has no prices");
  compare([book.bids.slice(0, COMPARED).flat(), book.asks.slice(0, COMPARED).flat()]);
  return seconds;
}

/** Nothing is worth a time that came to another book. */
function compare(found: Tops): void {
  tops ??= found;
  if (JSON.stringify(found) !== JSON.stringify(tops)) throw new Error(`the books differ: ${JSON.stringify(found).slice(0, 200)}`);
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

function readTexts(): readonly string[] {
  const file = new URL("../../shared/data/market/depth/binance_spot_btcusdt_20240808.jsonl.gz", import.meta.url);
  const lines = gunzipSync(readFileSync(file)).toString("utf8").split("\n");
  return lines.filter((line) => line.includes('"e":"depthUpdate"')).map((line) => line.slice(line.indexOf(" ") + 1));
}
