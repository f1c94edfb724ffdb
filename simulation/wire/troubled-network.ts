import type { SimClock, SimProcess } from "@tradepulse/platform";
import type { Weather } from "../world/weather.ts";
import { HeldFill } from "./held-fill.ts";
import type { Network } from "./wire-witness.ts";

const SECOND = 1_000_000;

export interface TroubleParts {
  readonly clock: SimClock;
  readonly weather: Weather;
  readonly process: SimProcess;
}

/** Faults between a process and the venue that no venue can be told to have: F45, F19. */
export function troubled(network: Network, { clock, weather, process }: TroubleParts): Network {
  return {
    http: async (request) => {
      const isOrder = request.method === "POST" && request.url.includes("/api/v3/order");
      if (isOrder) {
        const clientId = /newClientOrderId=([0-9a-z-]+)/.exec(`${request.url}&${request.body ?? ""}`)?.[1] ?? "";
        // The process stands still between signing and sending: nothing else of it runs, and the bytes leave late.
        const stallUs = weather.hits("F45", clientId) ? Math.round(SECOND + 8 * SECOND * weather.random("F45").next()) : 0;
        if (stallUs > 0) {
          process.pause();
          clock.after(stallUs, () => process.resume());
          await new Promise<void>((resolve) => clock.after(stallUs, resolve));
        }
      }
      return network.http(request);
    },
    webSocket: (url, handlers, options) => {
      if (!url.includes("/ws-api/")) return network.webSocket(url, handlers, options);
      const held = new HeldFill(clock, weather, (text) => handlers.onMessage(text));
      return network.webSocket(url, { ...handlers, onMessage: (text) => held.take(text) }, options);
    },
  };
}
