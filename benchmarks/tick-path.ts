/**
 * Goal P8: from a tick to the decision, and on to the signed bytes of an order, through the product's own parts (live/tick-session.ts), without disk
 * and network. The same messages once as bytes, which the scanners read, and once as texts, which JSON.parse reads; all sides in turns in one
 * process. Before anything is compared: orders equal byte for byte, signatures equal to a bare HMAC of the same body, run hashes equal.
 *
 *     node benchmarks/tick-path.ts [bars=12000]
 */
import { createHmac } from "node:crypto";
import { type BoundStrategy, buy, defineStrategy, ema, runHash } from "@tradepulse/core";
import { Secret } from "@tradepulse/platform";
import { orderParameters } from "../packages/venues/src/binance/format.ts";
import { signedQuery } from "../packages/venues/src/binance/sign.ts";
import { quoteMessage, SECRET, SYMBOL, TickSession, ticksOf } from "./live/tick-session.ts";
import { type BenchRow, median, printRows } from "./statistics.ts";

const TICKS_A_BAR = 20;
const QUOTES_A_BAR = 20;

/** An order with every bar. */
const always = defineStrategy({
  name: "bench-always",
  create: () => ({ onBar: (bar) => buy({ quantity: 0.001, limit: bar.close, reason: "every bar" }) }),
});

/** Two averages, and an order about every hundredth bar. */
const seldom = defineStrategy({
  name: "bench-seldom",
  create(_parameters, { indicator }) {
    const quick = indicator(ema(5));
    const steady = indicator(ema(40));
    let isAbove = false;
    return {
      onBar(bar) {
        const was = isAbove;
        isAbove = steady.ready && quick.value > steady.value;
        return isAbove && !was ? buy({ quantity: 0.001, limit: bar.close, reason: "crossed above" }) : undefined;
      },
    };
  },
});

type Way = "bytes" | "text";

/** Milliseconds: a tick of a bar that forms and a quote (means of a bar's), the tick that closes it, and the order standing signed. */
interface Times {
  readonly forming: number[];
  readonly quote: number[];
  readonly closing: number[];
  readonly signed: number[];
}

interface Side {
  readonly way: Way;
  readonly session: TickSession;
  readonly times: Times;
}

function sideOf(way: Way, strategy: BoundStrategy, carriesOut: boolean): Side {
  return { way, session: new TickSession(strategy, carriesOut), times: { forming: [], quote: [], closing: [], signed: [] } };
}

/** As a WebSocket hands a message over. */
function give({ session, way }: Side, message: Buffer): void {
  if (way === "text" || session.socket.onBytes?.(message) !== true) session.socket.onMessage(message.toString("utf8"));
}

async function playBar(side: Side, bar: number): Promise<void> {
  const { session, times } = side;
  const { forming, closing } = ticksOf(bar, TICKS_A_BAR);
  const quote = quoteMessage(bar);
  await session.nextBar();
  const startedMs = performance.now();
  for (const message of forming) give(side, message);
  const formedMs = performance.now();
  for (let k = 0; k < QUOTES_A_BAR; k += 1) give(side, quote);
  const quotedMs = performance.now();
  give(side, closing);
  const closedMs = performance.now();
  await session.drained();
  times.forming.push((formedMs - startedMs) / TICKS_A_BAR);
  times.quote.push((quotedMs - formedMs) / QUOTES_A_BAR);
  times.closing.push(closedMs - quotedMs);
  times.signed.push(session.signedMs - quotedMs);
}

/** Goal P8. */
export async function benchTickPath(bars: number): Promise<BenchRow[]> {
  const deciding = [sideOf("bytes", seldom(), false), sideOf("text", seldom(), false)] as const;
  const ordering = [sideOf("bytes", always(), true), sideOf("text", always(), true)] as const;
  const bare: number[] = [];
  const order: number[] = [];
  // Short work, and much of it: it takes thousands of bars until all of it is compiled for good.
  const warm = Math.ceil(bars / 2);
  for (let bar = 0; bar < bars + warm; bar += 1) {
    for (const sides of [deciding, ordering]) for (const side of bar % 2 === 0 ? sides : sides.toReversed()) await playBar(side, bar);
    const { body } = ordering[0].session;
    if (body !== ordering[1].session.body) throw new Error(`the orders differ: ${body} and ${ordering[1].session.body}`);
    const signings = [() => bare.push(timeBare(body)), () => order.push(timeOrder(body))];
    for (const sign of bar % 2 === 0 ? signings : signings.toReversed()) sign();
  }
  for (const [ours, theirs] of [deciding, ordering]) {
    for (const { session } of [ours, theirs]) session.close();
    if (runHash(ours.session.events) !== runHash(theirs.session.events)) throw new Error("the runs differ");
    if (ours.session.commands === 0) throw new Error("nothing was ordered");
  }
  const [bytes, text] = [deciding[0].times, deciding[1].times];
  const { signed, closing } = ordering[0].times;
  const afterDecision = signed.map((time, k) => time - closing[k]!);
  const faster = (name: keyof Times): number => paired(text[name], bytes[name], warm);
  const both = (name: keyof Times): string => `${us(bytes[name], warm)} against ${us(text[name], warm)} us`;
  return [
    row("tick to decision, a bar that forms", faster("forming"), "x JSON.parse", 8, true, both("forming")),
    row("tick to decision, a quote", faster("quote"), "x JSON.parse", 8, true, both("quote")),
    row(
      "tick to decision, a bar that closes",
      faster("closing"),
      "x JSON.parse",
      8,
      true,
      `${both("closing")}, records and engine included`,
    ),
    row(
      "tick to signed order, p50",
      paired(signed, bare, warm),
      "x bare HMAC",
      1.3,
      false,
      `${us(signed, warm)} against ${us(bare, warm)} us`,
    ),
    row("tick to signed order, p99.9 to its p50", share(signed, warm, 0.999) / share(signed, warm, 0.5), "x", 10, false, ""),
    plain("decision to signed order, p50", paired(afterDecision, bare, warm), "two records, protocol, budgets, request"),
    row(
      "order to signed bytes, p50",
      paired(order, bare, warm),
      "x bare HMAC",
      1.3,
      false,
      `${us(order, warm)} us: parameters, query, HMAC`,
    ),
  ];
}

const KEY = { kind: "hmac", apiKey: new Secret("a-key-of-the-benchmark"), secret: new Secret(SECRET) } as const;

/** The HMAC of what was signed, as anybody would write it, called right before as well; checked against the order's own. */
function timeBare(body: string): number {
  const signed = body.slice(0, body.lastIndexOf("&signature="));
  createHmac("sha256", SECRET).update(signed).digest("hex");
  const startedMs = performance.now();
  const signature = createHmac("sha256", SECRET).update(signed).digest("hex");
  const took = performance.now() - startedMs;
  if (!body.endsWith(signature)) throw new Error(`the order was signed otherwise: ${body}`);
  return took;
}

/** From an order in the venue's words to its signed bytes; like the bare one, called right before as well. */
function timeOrder(body: string): number {
  const of = new URLSearchParams(body);
  const text = (name: string): string => of.get(name)!;
  const order = {
    symbol: SYMBOL,
    clientId: text("newClientOrderId"),
    side: "buy",
    type: "limit",
    timeInForce: "GTC",
    quantity: text("quantity"),
    price: text("price"),
    deadlineUs: 0,
  } as const;
  const timing = [
    ["recvWindow", text("recvWindow")],
    ["timestamp", text("timestamp")],
  ] as const;
  const make = (): string => signedQuery(KEY, [...orderParameters(order), ...timing]);
  make();
  const startedMs = performance.now();
  const made = make();
  const took = performance.now() - startedMs;
  if (made !== body) throw new Error(`the order was written otherwise: ${made}`);
  return took;
}

/** Median of the ratios of what ran in one turn. */
function paired(times: readonly number[], than: readonly number[], warm: number): number {
  return median(times.slice(warm).map((time, k) => time / than[warm + k]!));
}

function share(times: readonly number[], warm: number, part: number): number {
  const sorted = times.slice(warm).sort((a, b) => a - b);
  return sorted[Math.floor(part * (sorted.length - 1))]!;
}

function us(times: readonly number[], warm: number): string {
  return (1_000 * share(times, warm, 0.5)).toFixed(2);
}

function row(what: string, value: number, unit: string, goal: number, isLeast: boolean, note: string): BenchRow {
  const met = isLeast ? value >= goal : value <= goal;
  return { goal: "P8", what, value, unit, target: `${isLeast ? ">=" : "<="} ${goal}`, met, note };
}

function plain(what: string, value: number, note: string): BenchRow {
  return { goal: "P8", what, value, unit: "x bare HMAC", target: "", met: undefined, note };
}

if (import.meta.main) printRows(await benchTickPath(Number(process.argv[2] ?? 12_000)));
