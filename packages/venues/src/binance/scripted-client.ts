import type { HttpResponse } from "@tradepulse/platform";
import type { OrderRequest, SubmitOutcome } from "../port/execution-client.ts";
import { type BinanceExecution, type BinanceExecutionOptions, binanceExecution } from "./execution-client.ts";
import { HMAC_KEY, type HttpScript, ScriptedWorld } from "./scripted-world.ts";

/** An order as the venue tells it. */
export const ORDER = {
  symbol: "BTCUSDT",
  orderId: 28457001122,
  orderListId: -1,
  clientOrderId: "tp-2-1z",
  transactTime: 1767225600123,
  price: "61000.10000000",
  origQty: "0.50000000",
  executedQty: "0.20000000",
  cummulativeQuoteQty: "12200.02000000",
  status: "PARTIALLY_FILLED",
  timeInForce: "GTC",
  type: "LIMIT",
  side: "BUY",
  fills: [{ price: "61000.10000000", qty: "0.20000000", commission: "0.00020000", commissionAsset: "BNB", tradeId: 3735683259 }],
};

export const json = (value: unknown, more: Partial<HttpResponse> = {}): Partial<HttpResponse> => ({ body: JSON.stringify(value), ...more });
export const error = (status: number, code: number, msg: string, headers: Record<string, string> = {}): Partial<HttpResponse> =>
  json({ code, msg }, { status, headers });

/** A client whose clock is measured. */
export async function ready(
  http: HttpScript,
  options: Partial<BinanceExecutionOptions> = {},
): Promise<{ world: ScriptedWorld; client: BinanceExecution }> {
  const world = new ScriptedWorld();
  world.http = http;
  const client = binanceExecution(world.env, { key: HMAC_KEY, ...options });
  await world.settle(client.measureClock());
  world.requests.length = 0;
  return { world, client };
}

/** An order with a deadline two seconds away. */
export function order(world: ScriptedWorld, more: Partial<OrderRequest> = {}): OrderRequest {
  return {
    symbol: "BTCUSDT",
    clientId: "tp-2-1z",
    side: "buy",
    type: "limit",
    timeInForce: "GTC",
    quantity: "0.5",
    price: "61000.1",
    deadlineUs: world.env.wallUs() + 2_000_000,
    ...more,
  };
}

/** What a send comes to that is answered like this. */
export async function submitted(answer: ReturnType<HttpScript>): Promise<SubmitOutcome> {
  const { world, client } = await ready(() => answer);
  return world.settle(client.submit(order(world)));
}
