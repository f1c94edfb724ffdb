import type { RandomStream, SimClock, WebSocketHandlers } from "@tradepulse/platform";
import { e8, formatE8 } from "@tradepulse/venues";
import type { BookTruth } from "../oracle/book-truth.ts";
import type { Weather } from "../world/weather.ts";
import type { Network } from "./wire-witness.ts";

const SECOND = 1_000_000;
const KEPT = 60;
const NO_FIGURES = ['"NaN"', '"-1.00000000"', '"1e308"', '""', '"12.5.3"', "null", "7.5"] as const;

export interface DistortionParts {
  readonly clock: SimClock;
  readonly weather: Weather;
  readonly truth: BookTruth;
}

interface Update {
  readonly s: string;
  readonly u: number;
}

/** F28 F29 F30: what may become of a book's changes and snapshots between the venue and a process. Everything else passes as it is. */
export function distortedDepth(network: Network, { clock, weather, truth }: DistortionParts): Network {
  const answers = new Map<string, string[]>();
  return {
    http: async (request) => {
      const response = await network.http(request);
      if (!request.url.includes("/api/v3/depth") || response.status !== 200) return response;
      const symbol = new URL(request.url).searchParams.get("symbol") ?? "";
      const snapshots = answers.get(symbol) ?? [];
      answers.set(symbol, snapshots);
      snapshots.push(response.body);
      if (snapshots.length > KEPT) snapshots.shift();
      if (weather.hits("F28", "old snapshot")) {
        return { ...response, body: snapshots[weather.random("F28").below(snapshots.length)]! };
      }
      if (weather.hits("F29", "snapshot")) return { ...response, body: spoiled(response.body, weather.random("F29")) };
      // Bids and asks changed places: what should be below stands above.
      if (weather.hits("F30", "snapshot"))
        return { ...response, body: response.body.replace('"bids"', '"x"').replace('"asks"', '"bids"').replace('"x"', '"asks"') };
      return response;
    },
    webSocket: (url, handlers, options) => network.webSocket(url, distortedHandlers(handlers, { clock, weather, truth }), options),
  };
}

function distortedHandlers(handlers: WebSocketHandlers, { clock, weather, truth }: DistortionParts): WebSocketHandlers {
  const kept: string[] = [];
  let isOpen = true;
  let count = 0;
  const deliver = (text: string): void => {
    if (!isOpen) return;
    count += 1;
    // As a real connection does: the bytes first, the text where nobody took them; now and then only the text.
    if (count % 3 === 0 || handlers.onBytes?.(new TextEncoder().encode(text)) !== true) handlers.onMessage(text);
  };
  const later = (text: string, delayUs: number): void => void clock.after(delayUs, () => deliver(text));
  return {
    ...handlers,
    onClose: (code, reason) => {
      isOpen = false;
      handlers.onClose(code, reason);
    },
    onMessage: (text) => {
      if (!text.includes('"depthUpdate"')) {
        deliver(text);
        return;
      }
      kept.push(text);
      if (kept.length > KEPT) kept.shift();
      if (weather.hits("F28", "change of the book")) {
        const random = weather.random("F28");
        const how = random.below(4);
        // Dropped, held back past its successors, doubled, or with an older one behind it.
        if (how === 0) return;
        if (how === 1) {
          later(text, Math.round(0.05 * SECOND + 3 * SECOND * random.next()));
          return;
        }
        deliver(text);
        if (how === 2) later(text, Math.round(10 * SECOND * random.next() ** 3));
        else deliver(kept[random.below(kept.length)]!);
        return;
      }
      if (weather.hits("F29", "change of the book")) {
        deliver(spoiled(text, weather.random("F29")));
        return;
      }
      deliver(weather.hits("F30", "change of the book") ? crossed(text, truth, weather.random("F30")) : text);
    },
    ...(handlers.onPing === undefined ? {} : { onPing: () => handlers.onPing?.() }),
  };
}

/** Half of a message, or one whose figure is none. */
function spoiled(text: string, random: RandomStream): string {
  if (random.next() < 0.25) return text.slice(0, Math.floor(text.length * (0.2 + 0.7 * random.next())));
  const figures = [...text.matchAll(/"[0-9]+\.[0-9]+"/g)];
  const figure = figures[random.below(Math.max(1, figures.length))];
  if (figure === undefined || random.next() < 0.2) return text.replace(/"(u|lastUpdateId)":[0-9]+/, '"$1":"none"');
  return `${text.slice(0, figure.index)}${NO_FIGURES[random.below(NO_FIGURES.length)]!}${text.slice(figure.index + figure[0].length)}`;
}

/** A bid that stands at the best ask, or above it. */
function crossed(text: string, truth: BookTruth, random: RandomStream): string {
  const message = JSON.parse(text) as { readonly data?: Update } & Update;
  const { s, u } = message.data ?? message;
  const ask = truth.bestAskAt(s, u);
  if (ask === undefined) return text;
  const price = formatE8(random.next() < 0.5 ? ask : ask + ask / 50n - ((ask / 50n) % e8("0.5")));
  return text.replace('"b":[', `"b":[["${price}","1.00000000"]${text.includes('"b":[]') ? "" : ","}`);
}
