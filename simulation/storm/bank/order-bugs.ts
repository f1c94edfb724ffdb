import { causeCode } from "@tradepulse/core";
import type { VenueFill, VenueOrder } from "@tradepulse/venues";
import type { Mutant } from "../mutant.ts";
import { around, blank, callRefused, inSession, onCancel, orNothing, patch, sendAgain, tell } from "./plant.ts";

/** Bugs of sending orders, canceling them, and finding out what became of them. */
export const ORDER_BUGS: readonly Mutant[] = [
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
    client: (client) =>
      around(client, { submit: (order, mayLeave) => client.submit({ ...order, deadlineUs: order.deadlineUs + 58_000_000 }, mayLeave) }),
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
                const state = node.engine.orders.find(each.id)?.state;
                if (state !== 8 && state !== 1) yield each;
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
    about: "leaves sizes and reduce-only to a venue that knows no such thing",
    seen: "freqtrade#6392",
    driver: (_driver, node) => patch(Reflect.get(node.engine.outbox!, "sizes") as object, "fit", () => () => true),
  },
];
