import { formatE8, timesE8 } from "../exchange/amount.ts";
import type { AccountTrade } from "../exchange/exchange-event.ts";
import { type ExchangeOrder, isOpen, type NewOrder, type OrderView, viewOf } from "../exchange/exchange-order.ts";
import { refusals } from "../exchange/refusal.ts";
import type { Call, Endpoint } from "./endpoint.ts";
import { canceledJson, myTradeJson, newOrderJson, orderJson, wireMs } from "./order-json.ts";
import { noteFault, type VenueCore } from "./venue-core.ts";
import { checkSpan, orderName, parseNewOrder, required, wholeNumber, wireLimit, wireTimeUs } from "./wire-parameters.ts";

/** An order as a replica knows it that is `lagUs` behind; `undefined` when it has not heard of it. */
function seen(call: Call, order: ExchangeOrder): OrderView | undefined {
  if (call.lagUs === 0) return viewOf(order);
  return call.core.exchange.ledger.orderAt(order.symbol, order.orderId, call.core.now() - call.lagUs);
}

function seenOrders(call: Call, symbol: string): OrderView[] {
  const orders = [...call.core.exchange.market(symbol).orders.values()].filter((order) => order.accountId === call.accountId);
  return orders.flatMap((order) => seen(call, order) ?? []);
}

function seenTrades(call: Call, symbol: string): AccountTrade[] {
  const untilUs = call.core.now() - call.lagUs;
  return call.core.exchange.market(symbol).trades.filter((trade) => trade.accountId === call.accountId && trade.timeUs <= untilUs);
}

function placeOrder({ core, parameters, accountId }: Call): unknown {
  const order = parseNewOrder(parameters, core.selfTrade);
  const asked = parameters.get("newOrderRespType") ?? (order.type === "MARKET" || order.type === "LIMIT" ? "FULL" : "ACK");
  if (asked !== "ACK" && asked !== "RESULT" && asked !== "FULL") throw refusals.parameter("newOrderRespType");
  const market = core.exchange.market(order.symbol);
  core.limits.countOrder(accountId);
  const before = market.trades.length;
  const placed = placedOrFreed(core, accountId, order);
  const trades = market.trades.slice(before).filter((trade) => trade.orderId === placed.orderId);
  return newOrderJson(viewOf(placed), trades, asked);
}

/** Only orders that were let in count as unfilled ones. */
function placedOrFreed({ exchange, limits }: VenueCore, accountId: string, order: NewOrder): ExchangeOrder {
  try {
    return exchange.place(accountId, order);
  } catch (error) {
    limits.freeOrder(accountId);
    throw error;
  }
}

function cancelOrder({ core, parameters, accountId }: Call): unknown {
  const { exchange, faults } = core;
  const symbol = required(parameters, "symbol");
  const name = orderName(parameters);
  const cancelId = parameters.get("newClientOrderId") ?? exchange.newClientId();
  const order = exchange.find(accountId, symbol, name);
  const scene = { symbol, account: accountId, ...(order === undefined ? {} : { clientId: order.clientId }) };
  if (order !== undefined && isOpen(order)) {
    if (faults.draw("cancel-forged", scene) !== undefined) {
      noteFault(core, "cancel-forged", order.clientId);
      return canceledJson(viewOf(order), cancelId);
    }
    const race = faults.draw("fill-before-cancel", scene);
    if (race !== undefined && order.workingUs > 0) {
      noteFault(core, "fill-before-cancel", order.clientId);
      const part = BigInt(Math.round((race.value ?? 1) * 1e8));
      const { stepSize } = exchange.market(symbol).filters;
      const wanted = timesE8(order.quantity - order.executed, part);
      exchange.fillNow(order, wanted - (wanted % stepSize));
    }
  }
  return canceledJson(viewOf(exchange.cancel(accountId, symbol, name, cancelId)), cancelId);
}

function queryOrder(call: Call): unknown {
  const { core, parameters, accountId } = call;
  const symbol = required(parameters, "symbol");
  core.exchange.market(symbol);
  const order = core.exchange.find(accountId, symbol, orderName(parameters));
  const view = order === undefined ? undefined : seen(call, order);
  if (view === undefined) throw refusals.noSuchOrder();
  return orderJson(view);
}

function openOrders(call: Call): unknown {
  const one = call.parameters.get("symbol");
  const symbols = one === undefined ? call.core.exchange.markets.map((market) => market.spec.symbol) : [one];
  return symbols.flatMap((symbol) => seenOrders(call, symbol).filter(isOpen)).map(orderJson);
}

function allOrders(call: Call): unknown {
  const { parameters } = call;
  const limit = wireLimit(parameters, 500, 1_000);
  const fromId = wholeNumber(parameters, "orderId");
  const startUs = wireTimeUs(parameters, "startTime") ?? 0;
  const endUs = wireTimeUs(parameters, "endTime") ?? Number.POSITIVE_INFINITY;
  checkSpan(parameters, "orderId");
  const found = seenOrders(call, required(parameters, "symbol")).filter(
    (order) => order.orderId >= (fromId ?? 0) && order.createdUs >= startUs && order.createdUs <= endUs,
  );
  return (fromId === undefined && !parameters.has("startTime") ? found.slice(-limit) : found.slice(0, limit)).map(orderJson);
}

function myTrades(call: Call): unknown {
  const { parameters } = call;
  const limit = wireLimit(parameters, 500, 1_000);
  const fromId = wholeNumber(parameters, "fromId");
  const orderId = wholeNumber(parameters, "orderId");
  const startUs = wireTimeUs(parameters, "startTime") ?? 0;
  const endUs = wireTimeUs(parameters, "endTime") ?? Number.POSITIVE_INFINITY;
  checkSpan(parameters, "fromId");
  const found = seenTrades(call, required(parameters, "symbol")).filter(
    (trade) =>
      trade.tradeId >= (fromId ?? 0) &&
      (orderId === undefined || trade.orderId === orderId) &&
      trade.timeUs >= startUs &&
      trade.timeUs <= endUs,
  );
  return (fromId === undefined && !parameters.has("startTime") ? found.slice(-limit) : found.slice(0, limit)).map(myTradeJson);
}

function account(call: Call): unknown {
  const { core, accountId, parameters } = call;
  const { accounts, ledger } = core.exchange;
  const fees = accounts.feesOf(accountId);
  const rates = { maker: formatE8(fees.maker), taker: formatE8(fees.taker), buyer: formatE8(0n), seller: formatE8(0n) };
  const balances = accounts.assets(accountId).map((asset) => ({
    asset,
    ...(call.lagUs === 0 ? accounts.balance(accountId, asset) : ledger.balanceAt(accountId, asset, core.now() - call.lagUs)),
  }));
  const withoutZeros = parameters.get("omitZeroBalances") === "true";
  return {
    makerCommission: Number(fees.maker / 10_000n),
    takerCommission: Number(fees.taker / 10_000n),
    buyerCommission: 0,
    sellerCommission: 0,
    commissionRates: rates,
    canTrade: true,
    canWithdraw: false,
    canDeposit: false,
    brokered: false,
    requireSelfTradePrevention: false,
    preventSor: false,
    updateTime: wireMs(core.now()),
    accountType: "SPOT",
    balances: balances
      .filter(({ free, locked }) => !withoutZeros || free !== 0n || locked !== 0n)
      .map(({ asset, free, locked }) => ({ asset, free: formatE8(free), locked: formatE8(locked) })),
    permissions: ["SPOT"],
    uid: 1,
  };
}

/** The calls that need a key. */
export const accountEndpoints: readonly Endpoint[] = [
  { rest: "POST /api/v3/order", ws: "order.place", weight: 1, security: "trade", enters: "order", run: placeOrder },
  { rest: "DELETE /api/v3/order", ws: "order.cancel", weight: 1, security: "trade", enters: "cancel", run: cancelOrder },
  { rest: "GET /api/v3/order", ws: "order.status", weight: 4, security: "read", replica: "read-lag", run: queryOrder },
  {
    rest: "DELETE /api/v3/openOrders",
    ws: "openOrders.cancelAll",
    weight: 1,
    security: "trade",
    enters: "cancel-all",
    run: ({ core, parameters, accountId }) =>
      core.exchange
        .cancelAll(accountId, required(parameters, "symbol"))
        .map((order) => canceledJson(viewOf(order), core.exchange.newClientId())),
  },
  {
    rest: "GET /api/v3/openOrders",
    ws: "openOrders.status",
    weight: (parameters) => (parameters.has("symbol") ? 6 : 80),
    security: "read",
    replica: "read-lag",
    run: openOrders,
  },
  { rest: "GET /api/v3/allOrders", ws: "allOrders", weight: 20, security: "read", replica: "read-lag", run: allOrders },
  {
    rest: "GET /api/v3/myTrades",
    ws: "myTrades",
    weight: (parameters) => (parameters.has("orderId") ? 5 : 20),
    security: "read",
    replica: "read-lag",
    run: myTrades,
  },
  { rest: "GET /api/v3/account", ws: "account.status", weight: 20, security: "read", replica: "balance-lag", run: account },
];
