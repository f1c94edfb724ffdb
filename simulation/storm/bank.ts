import { causeCode, type Fact } from "@tradepulse/core";
import { type LiveSession, parseClientId } from "@tradepulse/live";
import type { CancelOutcome, ExecutionClient, OrderRequest, ReadOutcome, VenueFill, VenueOrder } from "@tradepulse/venues";
import type { TraderNode } from "../world/trader-node.ts";
import type { Mutant } from "./mutant.ts";

/** A client that does everything as before, but for what is named. */
function around(client: ExecutionClient, changes: Partial<ExecutionClient>): ExecutionClient {
  return Object.assign(Object.create(client) as ExecutionClient, changes);
}

/** Puts something else in the place of a part that nobody outside may reach. */
function patch(target: object, name: string, make: (before: (...given: never[]) => unknown) => unknown): void {
  const before: unknown = Reflect.get(target, name);
  Reflect.set(target, name, make(typeof before === "function" ? (before.bind(target) as (...given: never[]) => unknown) : () => undefined));
}

const blank = { venueOrderId: "", tradeId: 0, lots: 0, notional: 0, fee: 0, feeLots: 0, isMaker: false } as const;

function tell(node: TraderNode, clientId: string, event: "rejected" | "canceled"): void {
  const orderId = parseClientId(clientId)!.orderId;
  node.session!.sequencer.push({ kind: "order", event, orderId, cause: causeCode("absent"), ...blank });
}

function orNothing<T>(read: ReadOutcome<T>, nothing: T): ReadOutcome<T> {
  return read.kind === "read" ? read : { kind: "read", value: nothing, readUs: 0 };
}

function changeFacts(change: (fact: Fact, node: TraderNode) => readonly Fact[]): Pick<Mutant, "driver"> {
  return {
    driver: (driver, node) => {
      driver.change = (fact) => change(fact, node);
    },
  };
}

function onCancel(react: (outcome: CancelOutcome, clientId: string, node: TraderNode) => void): Pick<Mutant, "client"> {
  return {
    client: (client, node) =>
      around(client, {
        cancel: async (symbol, clientId) => {
          const outcome = await client.cancel(symbol, clientId);
          react(outcome, clientId, node);
          return outcome;
        },
      }),
  };
}

/** A send whose outcome is not known is called refused when the reason matches. */
function callRefused(why: RegExp): Pick<Mutant, "client"> {
  return {
    client: (client) =>
      around(client, {
        submit: async (order) => {
          const outcome = await client.submit(order);
          if (outcome.kind !== "unknown" || !why.test(outcome.why)) return outcome;
          return { kind: "refused", code: "guess", message: outcome.why, cause: "other" };
        },
      }),
  };
}

/** On an unknown outcome the order is sent again. */
function sendAgain(next: (order: OrderRequest) => OrderRequest): Pick<Mutant, "client"> {
  return {
    client: (client) =>
      around(client, {
        submit: async (order) => {
          const outcome = await client.submit(order);
          return outcome.kind === "unknown" ? client.submit(next(order)) : outcome;
        },
      }),
  };
}

function inSession(change: (session: LiveSession, node: TraderNode) => void): Pick<Mutant, "session"> {
  return { session: change };
}

/** Bugs that others had, each as a change of a few lines hung into the trader of a storm. The storm must find every one. */
export const BANK: readonly Mutant[] = [
  { id: "retry-post", about: "sends an order again when no answer came", seen: "catalyst#317", ...sendAgain((order) => order) },
  {
    id: "retry-new-id",
    about: "sends an order again under a new id when no answer came",
    seen: "python-poloniex#109",
    ...sendAgain((order) => ({ ...order, clientId: `${order.clientId}r` })),
  },
  { id: "timeout-is-refusal", about: "takes a timeout for a refusal", seen: "Binance.Net#692", ...callRefused(/no answer/) },
  { id: "5xx-is-refusal", about: "takes a server error for a refusal", seen: "krakenex#60", ...callRefused(/502/) },
  {
    id: "unknown-ends-after-5",
    about: "an unknown outcome becomes a rejection after five looks",
    seen: "nautilus_trader#4958",
    ...inSession((session, node) =>
      patch(session.resolver, "resolve", () => async (orderId: number) => {
        const order = session.register.find(orderId)!;
        for (let look = 0; look < 5; look += 1) {
          await node.env.sleep(2_000_000);
          if (
            (await (Reflect.get(session.resolver, "look") as (order: object) => Promise<string>).call(session.resolver, order)) === "found"
          )
            return;
        }
        tell(node, order.clientId, "rejected");
      }),
    ),
  },
  {
    id: "error-is-not-found",
    about: "a read that failed counts as found nothing",
    seen: "hummingbot#8457",
    client: (client) =>
      around(client, {
        orderByClientId: async (symbol, id) => orNothing<VenueOrder | undefined>(await client.orderByClientId(symbol, id), undefined),
        openOrders: async (symbol) => orNothing<readonly VenueOrder[]>(await client.openOrders(symbol), []),
        fillsFrom: async (symbol, from) => orNothing<readonly VenueFill[]>(await client.fillsFrom(symbol, from), []),
      }),
  },
  {
    id: "no-horizon",
    about: "believes that an order is absent before it can no longer arrive",
    seen: "ccxt#1786",
    settings: { readLagUs: -60_000_000 },
  },
  {
    id: "wide-window",
    about: "signs orders for a minute, as if it were two seconds",
    seen: "python-binance#60",
    client: (client) => around(client, { submit: (order) => client.submit({ ...order, deadlineUs: order.deadlineUs + 58_000_000 }) }),
  },
  {
    id: "cancel-refused-means-never-placed",
    about: "a cancel refused because the order filled is read as never placed",
    seen: "passivbot#514",
    ...onCancel((outcome, clientId, node) => outcome.kind === "not-open" && tell(node, clientId, "rejected")),
  },
  {
    id: "cancel-believed",
    about: "a cancel that was confirmed counts as done",
    seen: "zenbot#879",
    ...onCancel((outcome, clientId, node) => outcome.kind === "canceled" && tell(node, clientId, "canceled")),
  },
  {
    id: "cancel-unanswered-counts",
    about: "a cancel without an answer counts as done",
    seen: "hummingbot#3374",
    ...onCancel((outcome, clientId, node) => outcome.kind === "unknown" && tell(node, clientId, "canceled")),
  },
  {
    id: "release-on-request",
    about: "an order ends for risk as soon as its cancel is asked for",
    seen: "freqtrade#3647",
    driver: (driver, node) => {
      driver.changeCommands = (commands) => {
        for (const command of commands)
          if (command.kind === "cancel" && node.session !== undefined)
            node.session.sequencer.push({
              kind: "order",
              event: "canceled",
              orderId: command.orderId,
              cause: causeCode("strategy"),
              ...blank,
            });
        return commands;
      };
    },
  },
  {
    id: "dedupe-by-order",
    about: "one fill an order is enough",
    seen: "hummingbot#1663",
    driver: (driver) => {
      const seen = new Set<number>();
      driver.change = (fact) => {
        if (fact.kind !== "order" || fact.event !== "filled") return [fact];
        if (seen.has(fact.orderId)) return [];
        seen.add(fact.orderId);
        return [fact];
      };
    },
  },
  {
    id: "fills-twice",
    about: "every eighth fill is booked twice",
    seen: "bitfinex-api-py#18",
    ...changeFacts((fact) =>
      fact.kind === "order" && fact.event === "filled" && fact.tradeId % 8 === 0
        ? [fact, { ...fact, seq: fact.seq + 0.5, tradeId: fact.tradeId + 0.5 }]
        : [fact],
    ),
  },
  {
    id: "no-fills-after-end",
    about: "fills of an order that has ended are dropped",
    seen: "nautilus_trader#4157",
    ...changeFacts((fact, node) =>
      fact.kind === "order" && fact.event === "filled" && node.engine.orderState(fact.orderId)?.mayFill === false ? [] : [fact],
    ),
  },
  {
    id: "no-late-fills",
    about: "fills that are older than a minute are dropped",
    seen: "nautilus_trader#3471",
    ...inSession((session, node) =>
      patch(session.truth, "fill", (before) => (fill: VenueFill) => {
        if (node.env.wallUs() - fill.timeUs < 60_000_000) before(fill as never);
      }),
    ),
  },
  {
    id: "counters-make-fills",
    about: "a counter that is ahead becomes a fill of its own",
    seen: "nautilus_trader#3493",
    ...inSession((session, node) =>
      patch(session.truth, "order", (before) => (order: VenueOrder) => {
        const verdict = before(order as never);
        const ours = session.register.findByClientId(order.clientId);
        if (verdict !== "fills-missing" || ours === undefined) return verdict;
        const lots = Math.round(Number(order.filledQuantity) * 1e8) - (node.engine.orderState(ours.orderId)?.filledLots ?? 0);
        const notional = Math.round((Number(order.filledQuote) / Number(order.filledQuantity)) * lots);
        const tradeId = 1e9 + session.sequencer.lastSeq;
        session.sequencer.push({ kind: "order", event: "filled", orderId: ours.orderId, cause: 0, ...blank, tradeId, lots, notional });
        return before(order as never);
      }),
    ),
  },
  {
    id: "two-sources-two-fills",
    about: "what REST and the stream say of one trade counts twice",
    seen: "nautilus_trader#3046",
    client: (client) =>
      around(client, {
        fillsFrom: async (symbol, from) => {
          const read = await client.fillsFrom(symbol, from >= 1e6 ? from - 1e6 : from);
          return read.kind === "read" ? { ...read, value: read.value.map((fill) => ({ ...fill, tradeId: fill.tradeId + 1e6 })) } : read;
        },
      }),
  },
  {
    id: "stream-counts-as-read",
    about: "reading goes on after the last fill of the stream, so that a gap before it is never read",
    seen: "Lean.Brokerages.TradeStation#95",
    ...inSession((session, node) =>
      patch(session.truth, "fill", (before) => (fill: VenueFill) => {
        before(fill as never);
        const index = node.instruments.findIndex(({ symbol }) => symbol === fill.symbol);
        const { readUpTo } = Reflect.get(session, "reconciler") as { readUpTo: number[] };
        readUpTo[index] = Math.max(readUpTo[index] ?? -1, fill.tradeId);
      }),
    ),
  },
  {
    id: "never-reads-again",
    about: "no reconciliation but after doubts",
    seen: "unicorn-binance-websocket-api#238",
    settings: { reconcileEveryUs: 1e15 },
  },
  {
    id: "foreign-ignored",
    about: "fills that are not ours are dropped",
    seen: "freqtrade#5277",
    ...changeFacts((fact) => (fact.kind === "external" ? [] : [fact])),
  },
  {
    id: "fee-in-base-ignored",
    about: "a fee taken in coins is not taken off the position",
    seen: "freqtrade#1371",
    ...changeFacts((fact) => (fact.kind === "order" ? [{ ...fact, feeLots: 0 }] : [fact])),
  },
  {
    id: "float-money",
    about: "money is kept to the cent",
    seen: "node-binance-api#71",
    ...changeFacts((fact) => (fact.kind === "order" ? [{ ...fact, notional: Math.round(fact.notional / 1e6) * 1e6 }] : [fact])),
  },
  {
    id: "movements-ignored",
    about: "money that comes or goes is never booked",
    seen: "ccxt#1880",
    settings: { balanceSettleUs: 1e15 },
  },
  {
    id: "send-before-durable",
    about: "the order leaves while its intent is on its way to the disk",
    seen: "freqtrade#7882",
    journal: (journal) => Object.assign(Object.create(journal) as typeof journal, { durable: () => Promise.resolve() }),
  },
  {
    id: "sync-skipped",
    about: "a write counts as durable without a sync",
    seen: "nats-server#7564",
    files: { sync: "skipped" },
  },
  {
    id: "sync-failure-swallowed",
    about: "a sync that failed is tried no more and believed",
    seen: "fsyncgate",
    files: { sync: "swallowed" },
  },
  {
    id: "lock-ignored",
    about: "starts beside a process that trades already",
    seen: "kubernetes#44887",
    files: { lock: "ignored" },
  },
  {
    id: "epoch-stands",
    about: "a restart keeps the epoch of the process before",
    seen: "fabric8 kubernetes-client#7249",
    epoch: "never-grows",
  },
  {
    id: "recovery-resends",
    about: "a restart sends again what may have been sent",
    seen: "freqtrade#10403",
    plan: (plan) => {
      const submits = plan.replay.commands.filter((command) => command.kind === "submit" && plan.unknown.includes(command.orderId));
      return { ...plan, cancels: [...plan.cancels, ...submits] };
    },
  },
  {
    id: "recovery-forgets-orders",
    about: "a restart knows no orders that work",
    seen: "nautilus_trader#5000",
    plan: (plan) => ({ ...plan, orders: [] }),
  },
  {
    id: "recovery-forgets-unknown",
    about: "a restart looks for nothing that was in the air",
    seen: "Krypto-trading-bot#699",
    plan: (plan) => ({ ...plan, unknown: [] }),
  },
  {
    id: "recovery-rejects-unknown",
    about: "what was in the air at the end counts as never sent",
    seen: "hummingbot PR#6107",
    plan: (plan) => ({ ...plan, unknown: [], neverSent: [...plan.neverSent, ...plan.unknown] }),
  },
  {
    id: "kill-in-memory",
    about: "the kill switch is forgotten with the process",
    seen: "RTS 6 Art 12",
    latch: "memory-only",
  },
  {
    id: "kill-not-asked",
    about: "the kill switch is asked when an order is decided, not when it leaves",
    seen: "SEC Release 34-70694",
    ...inSession((session) => patch(session, "mayNotSend", () => () => undefined)),
  },
  {
    id: "trades-blind",
    about: "doubt about the private stream changes nothing",
    seen: "node-binance-api#168",
    ...inSession((session) => {
      patch(session, "trust", (before) => (isTrusted: boolean, why: string) => {
        if (isTrusted) before(isTrusted as never, why as never);
      });
      Object.defineProperty(Reflect.get(session, "sight"), "isTrusted", { get: () => true });
    }),
  },
  {
    id: "trusts-a-new-stream",
    about: "a stream that is back is trusted before the gap was read",
    seen: "bitfinex-api-node#247",
    ...inSession((session) =>
      patch(Reflect.get(session, "sight") as object, "see", (before) => (change: object, why: string) => {
        before(change as never, why as never);
        if (!("isStreamReady" in change) || change.isStreamReady !== true) return;
        Reflect.set(Reflect.get(session, "sight") as object, "isSeeing", true);
        (Reflect.get(session, "trust") as (isTrusted: boolean, why: string) => void).call(session, true, "the stream is back");
      }),
    ),
  },
  {
    id: "429-ignored",
    about: "goes on calling in the time of silence",
    seen: "freqtrade#7187",
    client: (client) => {
      const parts = Reflect.get(client, "parts") as { readonly link: object };
      Object.defineProperty(parts.link, "isSilent", { get: () => false });
      return client;
    },
  },
  {
    id: "unknown-not-counted",
    about: "an order of unknown outcome takes up no limit",
    seen: "OctoBot#951",
    driver: (_driver, node) => {
      const risk = node.engine.options.risk!;
      patch(risk, "check", (before) => (order: object, view: object) => {
        const own = Object.create(view, {
          workingOrders: {
            value: function* () {
              for (const each of (view as { workingOrders(): Iterable<{ readonly id: number }> }).workingOrders()) {
                const state = node.engine.orderState(each.id) as { readonly state?: number } | undefined;
                if (state?.state !== 8 && state?.state !== 1) yield each;
              }
            },
          },
        }) as object;
        return before(order as never, own as never);
      });
      patch(node.engine.facts!, "mayTakeRisk", () => () => true);
    },
  },
  {
    id: "unknown-blocks-nothing",
    about: "an order of unknown outcome does not keep its instrument from new risk",
    seen: "nautilus-coinbase",
    driver: (_driver, node) => patch(node.engine.facts!, "mayTakeRisk", () => () => true),
  },
  {
    id: "reduce-only-trusted",
    about: "leaves reduce-only to a venue that knows none",
    seen: "freqtrade#6392",
    driver: (_driver, node) => patch(node.engine.outbox!, "fits", () => () => true),
  },
  {
    id: "any-figure-will-do",
    about: "bars with figures that are none go to the strategy",
    seen: "profit-trailer#654",
    ...inSession((session) =>
      patch(session.assembler, "take", (before) => (bar: { readonly open: string }) => {
        before({ ...bar, low: bar.open === "NaN" || Number(bar.open) <= 0 ? "1" : (bar as { readonly low?: string }).low } as never);
        const { open, high, low, close, volume, openUs, closeUs } = bar as unknown as Record<string, string>;
        if ([open, high, low, close].some((text) => !(Number(text) > 0)))
          session.sequencer.push({
            kind: "bar",
            seriesIndex: 0,
            openUs: Number(openUs),
            closeUs: Number(closeUs),
            open: Number(open),
            high: Number(high),
            low: Number(low),
            close: Number(close),
            volume: Number(volume),
          });
      }),
    ),
  },
  {
    id: "one-try",
    about: "a reconciliation that failed is not tried again before the next doubt",
    seen: "nautilus_trader#4991",
    settings: { reconcileEveryUs: 1e15 },
    ...inSession((session) =>
      patch(Reflect.get(session, "loop") as object, "readWhileWanted", (before) => async () => {
        const run = Reflect.get(session, "reconciler") as { run(): Promise<{ readonly isComplete: boolean }> };
        const once = run.run.bind(run);
        run.run = async () => ({ ...(await once()), isComplete: true });
        await before();
      }),
    ),
  },
  {
    id: "wall-clock-durations",
    about: "durations by the wall clock",
    seen: "XChange#2069",
    ...inSession((_session, node) => patch(node.env, "monoUs", () => () => node.env.wallUs())),
  },
];
