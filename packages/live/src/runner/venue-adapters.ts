import type { Env, Secret } from "@tradepulse/platform";
import {
  type BadAnswer,
  BINANCE_LIVE,
  BINANCE_TEST,
  type BinanceKey,
  binanceExecution,
  binanceFeed,
  type ExecutionClient,
  type MarketFeed,
} from "@tradepulse/venues";
import type { VenueConfig } from "../config/live-config.ts";
import { refuseConfig } from "../config/refuse-config.ts";
import type { CredentialSource } from "../credentials/credential-source.ts";

export interface VenueParts {
  readonly env: Env;
  readonly config: VenueConfig;
  /** Symbols whose rules are read. */
  readonly symbols: readonly string[];
  /** Absent on paper: nothing private is asked for. */
  readonly credentials: CredentialSource | undefined;
  /** Where what a venue has asked of this address is kept for the next process. */
  readonly stateFolder: string;
  readonly onAlarm?: (text: string) => void;
  /** Told of every answer that says nothing. */
  readonly onBadAnswer?: (bad: BadAnswer) => void;
}

/** Both sides of a venue, not connected yet. */
export interface VenueConnection {
  readonly execution: ExecutionClient;
  readonly feed: MarketFeed;
  /** Fetches fresh keys when there is a reason. Before every private call. */
  prepare(): Promise<void>;
}

/** How a venue is reached: by the name that `adapter` gives in the configuration. */
export interface VenueAdapter {
  /** The venue's own word for a pair. */
  symbolOf(base: string, quote: string): string;
  /** Name of the venue in instrument ids. */
  readonly venue: string;
  connect(parts: VenueParts): VenueConnection;
}

const binance: VenueAdapter = {
  venue: "BINANCE",
  symbolOf: (base, quote) => `${base}${quote}`,
  connect({ env, config, symbols, credentials, stateFolder, onAlarm, onBadAnswer }) {
    const told = onBadAnswer === undefined ? {} : { onBadAnswer };
    const defaults = config.sandbox ? BINANCE_TEST : BINANCE_LIVE;
    const url = (key: string, fallback: string): string => textOption(config, key) ?? fallback;
    const restUrl = url("rest_url", defaults.rest);
    let key: BinanceKey | undefined;
    const prepare = async (): Promise<void> => {
      await execution.prepare();
      if (credentials !== undefined) key = binanceKey(config.name, (await credentials.current()).fields);
    };
    const execution = binanceExecution(env, {
      key: () => key ?? noKey(config.name),
      restUrl,
      wsApiUrl: url("ws_api_url", defaults.wsApi),
      symbols,
      silencePath: `${stateFolder}/${config.name}-silence.json`,
      ...(onAlarm === undefined ? {} : { onAlarm }),
      ...told,
      onKeyRefused: () => {
        credentials?.authenticationFailed();
        // For the private stream, which asks for the key without waiting.
        void prepare().catch(() => undefined);
      },
    });
    const feed = binanceFeed(env, { restUrl, streamUrl: url("stream_url", defaults.streams), budget: execution.budget, ...told });
    refuseUnknownOptions(config, ["rest_url", "ws_api_url", "stream_url"]);
    return { execution, feed, prepare };
  },
};

/** The adapters that are built. Others are known by name and refused until they are. */
const ADAPTERS: Readonly<Record<string, VenueAdapter>> = { binance };

/** The adapter of a venue. Throws `TP_LIVE_VENUE`. */
export function adapterFor(config: VenueConfig): VenueAdapter {
  const adapter = Object.hasOwn(ADAPTERS, config.adapter) ? ADAPTERS[config.adapter] : undefined;
  if (adapter !== undefined) return adapter;
  const isNamed = config.adapter === "coinbase" || config.adapter === "kraken";
  return refuseConfig(
    "TP_LIVE_VENUE",
    `Cannot trade at venue "${config.name}": adapter "${config.adapter}" is ${isNamed ? "not built yet" : "not known"}, usable are ${Object.keys(ADAPTERS).join(", ")}`,
    [],
    "name another adapter",
  );
}

function binanceKey(venue: string, fields: Readonly<Record<string, Secret>>): BinanceKey {
  const apiKey = fields["API_KEY"] ?? noField(venue, "API_KEY");
  const privateKey = fields["PRIVATE_KEY"];
  const secret = fields["API_SECRET"];
  // An Ed25519 key may come under the name that the guide requires.
  const pem = privateKey ?? (secret?.reveal().startsWith("-----BEGIN") === true ? secret : undefined);
  if (pem !== undefined) return { kind: "ed25519", apiKey, privateKey: pem };
  return { kind: "hmac", apiKey, secret: secret ?? noField(venue, "API_SECRET") };
}

function noField(venue: string, field: string): never {
  return refuseConfig(
    "TP_LIVE_SECRET_MISSING",
    `Cannot use venue "${venue}": its credentials have no field "${field}"`,
    [["venue", venue]],
    `name ${field} under required`,
  );
}

function noKey(venue: string): never {
  return refuseConfig(
    "TP_LIVE_SECRET_MISSING",
    `Cannot ask venue "${venue}" for anything private: there are no credentials`,
    [["venue", venue]],
    "add [venues.credentials]",
  );
}

function textOption(config: VenueConfig, key: string): string | undefined {
  const value = config.options[key];
  return typeof value === "string" ? value : undefined;
}

function refuseUnknownOptions(config: VenueConfig, known: readonly string[]): void {
  for (const key of Object.keys(config.options)) {
    if (known.includes(key)) continue;
    refuseConfig(
      "TP_LIVE_CONFIG_UNKNOWN",
      `Cannot use venue "${config.name}": its options set "${key}", known are ${known.join(", ")}`,
      [],
      "use one of the known keys",
    );
  }
}
