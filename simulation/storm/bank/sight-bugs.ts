import type { Mutant } from "../mutant.ts";
import { inSession, patch } from "./plant.ts";

/** Bugs of the kill switch, of trust in streams and data, of budgets and clocks. */
export const SIGHT_BUGS: readonly Mutant[] = [
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
