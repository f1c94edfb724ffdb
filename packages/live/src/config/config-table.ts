import { type ConfigSection, DAY_SECONDS, seconds } from "./config-entry.ts";
import { journalSection } from "./journal-section.ts";
import { snapshotsSection } from "./snapshots-section.ts";

const loop: ConfigSection = {
  name: "loop",
  isList: false,
  about: "How the process runs: where its state lies, and its rhythms.",
  entries: [
    { key: "state_dir", kind: "text", fallback: "state", about: "Folder of journal, latch and lock; relative to the working folder." },
    seconds("submission_interval", 0, "Least time between two orders sent; 0 for none.", 0, 60),
    seconds("fill_poll_interval", 60, "Time between two reconciliations with the venue, besides those that every doubt starts.", 1, 3_600),
    seconds("heartbeat_interval", 5, "Time between two signs of life for the sentinel.", 0.1, 60),
    seconds("max_backoff", 15, "Longest pause between two reads of an order whose outcome is unknown.", 0.5, 600),
    seconds("order_deadline", 2, "From the intent to the last instant at which the venue may let an order in.", 0.25, 60),
    seconds("grace_period", 20, "Longest time that a graceful stop may take.", 1, 600),
    { key: "on_stop", kind: "choice", choices: ["cancel", "keep"], fallback: "cancel", about: "Working orders at a graceful stop." },
  ],
};

const risk: ConfigSection = {
  name: "risk",
  isList: false,
  about: "What the account may do. Money is of the quote currency.",
  entries: [
    { key: "max_notional", kind: "amount", about: "Largest notional of one order." },
    { key: "max_position", kind: "amounts", about: "Largest position of an instrument, for all or for each by its id." },
    { key: "max_order_quantity", kind: "amounts", about: "Largest quantity of one order." },
    { key: "max_gross_exposure", kind: "amount", about: "Largest sum of the values of all positions." },
    { key: "max_net_exposure", kind: "amount", about: "Largest value of long less short positions." },
    { key: "max_open_orders", kind: "whole", min: 1, max: 10_000, about: "Most orders at work at once." },
    { key: "max_orders_per_interval", kind: "whole", min: 1, max: 100_000, about: "Most orders within interval_seconds." },
    seconds("interval_seconds", 60, "Span of max_orders_per_interval.", 0.1, DAY_SECONDS),
    { key: "price_collar", kind: "amount", max: 1, about: "Largest distance of an order's price from the last price, as a fraction." },
    seconds("stale_after", undefined, "Greatest age of the last price on which an order may be decided.", 0.1, 30 * DAY_SECONDS),
    { key: "max_daily_loss", kind: "loss", about: "Loss of a UTC day that ends new risk: money, or a fraction as in { fraction = 0.05 }." },
    { key: "daily_loss_release", kind: "choice", choices: ["next-day", "rearm"], about: "What ends the latch of the daily loss." },
    { key: "max_drawdown", kind: "loss", about: "Fall below the highest equity that ends new risk: money, or { fraction = 0.2 }." },
    { key: "max_consecutive_losses", kind: "whole", min: 1, max: 10_000, about: "Losing trades in a row that end new risk." },
    { key: "min_notional", kind: "amounts", about: "Smallest notional of one order." },
    { key: "self_trade", kind: "choice", choices: ["allow", "cancel-newer"], about: "An order that could trade against one of ours." },
    seconds("duplicate_guard", undefined, "An equal order within this time is refused.", 0.001, DAY_SECONDS),
    {
      key: "kill_switch_limit_multiplier",
      kind: "number",
      fallback: 1.5,
      min: 1,
      max: 1_000,
      about: "An order that passes a limit by this factor halts trading at once.",
    },
    {
      key: "kill_switch_violation_threshold",
      kind: "whole",
      fallback: 3,
      min: 1,
      max: 10_000,
      about: "Orders over a limit, one after the other, that halt trading.",
    },
    {
      key: "kill_switch_rate_limit_threshold",
      kind: "whole",
      fallback: 3,
      min: 1,
      max: 10_000,
      about: "Orders over max_orders_per_interval, one after the other, that halt trading.",
    },
  ],
};

const guards: ConfigSection = {
  name: "guards",
  isList: false,
  about: "What halts trading by itself.",
  entries: [
    seconds(
      "market_silence",
      30,
      "Market data silent for longer than this are in doubt; for three times as long, trading halts.",
      1,
      DAY_SECONDS,
    ),
    seconds("private_silence", 30, "The same for the private stream.", 1, DAY_SECONDS),
    seconds("clock_error", 0.5, "Largest difference between the venue's clock and ours, measurement error included.", 0.01, 60),
    seconds("journal_away", 30, "Longest time for which the database of the journal may not answer. No order is sent meanwhile.", 0, 3_600),
    seconds("loop_stall", 5, "Longest time in which the process may do nothing.", 0.1, 600),
  ],
};

const sentinel: ConfigSection = {
  name: "sentinel",
  isList: false,
  about: "The process of tradepulse sentinel, which watches the traders of an account. Without the section there is none.",
  entries: [
    seconds(
      "heartbeat_timeout",
      30,
      "Silence of a trader beyond which the sentinel halts and cancels; at least twice loop.heartbeat_interval.",
      0.5,
      3_600,
    ),
    {
      key: "action",
      kind: "choice",
      choices: ["cancel-all", "keep-stops", "halt"],
      fallback: "cancel-all",
      about:
        "What it does after it has latched the halt: cancel every order of the account's instruments, all but stops that sell, or none.",
    },
    {
      key: "on_halt",
      kind: "choice",
      choices: ["act", "alarm"],
      fallback: "act",
      about: "What it does about orders that work under a tripped latch while the trader lives.",
    },
    seconds("halted_grace", 30, "Time that a living trader has to end its orders after a halt, before on_halt.", 0.5, DAY_SECONDS),
    {
      key: "when_away",
      kind: "choice",
      choices: ["alarm", "refuse"],
      fallback: "alarm",
      about: "What a trader does whose sentinel is not alive, or could not cancel: tell it, or take no new risk either.",
    },
    { key: "instruments", kind: "texts", fallback: [], about: "Looked after besides those of the strategies, such as BTC-USDT." },
    { key: "credentials", kind: "table", about: "Its own keys: [sentinel.credentials], with the keys of [venues.credentials]." },
  ],
};

const metrics: ConfigSection = {
  name: "metrics",
  isList: false,
  about: "Where the process will be looked at.",
  entries: [
    {
      key: "port",
      kind: "whole",
      fallback: 8001,
      min: 1,
      max: 65_535,
      isIdle: true,
      about: "Port of the metrics endpoint. Nothing is served there yet: the key is checked and has no effect.",
    },
  ],
};

const paper: ConfigSection = {
  name: "paper",
  isList: false,
  about: "What the simulated venue of paper mode charges.",
  entries: [
    { key: "fee", kind: "number", fallback: 0.001, min: -0.5, max: 0.5, about: "Fee of every fill as a fraction of its notional." },
    {
      key: "slippage",
      kind: "number",
      fallback: 0,
      min: 0,
      max: 0.5,
      about: "Slippage of market orders and triggered stops, as a fraction.",
    },
  ],
};

const venues: ConfigSection = {
  name: "venues",
  isList: true,
  about: "Where orders go and market data come from.",
  entries: [
    { key: "name", kind: "text", about: "Name of the venue in this file and in instrument ids." },
    { key: "class", kind: "text", about: "Adapter by its class name, also in the form of the Python guide." },
    { key: "adapter", kind: "text", about: "Adapter by its short name, such as binance; either this or class." },
    {
      key: "sandbox",
      kind: "flag",
      fallback: true,
      about: "The venue's test environment. Real money needs false, an account, and --live.",
    },
    { key: "account", kind: "text", about: "Name of the account whose keys these are. Real money only with --live <account>." },
    { key: "options", kind: "table", fallback: {}, about: "Options of the adapter, such as rest_url and stream_url." },
    { key: "credentials", kind: "table", about: "Where the keys come from: [venues.credentials]." },
  ],
};

const credentials: ConfigSection = {
  name: "venues.credentials",
  isList: false,
  about: "Names of the keys, and where they come from. Never the keys themselves.",
  entries: [
    { key: "env_prefix", kind: "text", about: "BINANCE reads API_KEY from the variable BINANCE_API_KEY." },
    { key: "required", kind: "texts", fallback: [], about: "Fields without which the process does not start." },
    { key: "optional", kind: "texts", fallback: [], about: "Fields that are used when they are there." },
    seconds(
      "ttl",
      undefined,
      "Fetched anew after this time; on a change notice or a failed authentication in any case.",
      1,
      30 * DAY_SECONDS,
    ),
    { key: "secret_backend", kind: "table", about: "Where the fields come from instead: [venues.credentials.secret_backend]." },
  ],
};

const secretBackend: ConfigSection = {
  name: "venues.credentials.secret_backend",
  isList: false,
  about: "A backend by the name it is registered under.",
  entries: [
    { key: "adapter", kind: "text", about: "env, file, or the name of a resolver registered on the runner." },
    { key: "path", kind: "text", about: "Where the bundle lies, as the backend understands it." },
    { key: "path_env", kind: "text", about: "Variable that holds that path; either this or path." },
    { key: "field_mapping", kind: "table", fallback: {}, about: "Field that the connector expects = key in the bundle." },
  ],
};

const strategies: ConfigSection = {
  name: "strategies",
  isList: true,
  about: "What trades.",
  entries: [
    { key: "file", kind: "text", about: "Strategy file; relative to the working folder." },
    { key: "name", kind: "text", about: "Name of its session; the strategy's own name otherwise." },
    { key: "venue", kind: "text", about: "Name of a venue of this file; the first otherwise." },
    { key: "parameters", kind: "table", fallback: {}, about: "Parameters of the strategy." },
    { key: "instruments", kind: "texts", about: "Instrument of each input in declared order, such as BTC-USDT." },
    { key: "interval", kind: "text", fallback: "1m", about: "Interval of the bars: 1m, 5m, 1h, 1d." },
    { key: "capital", kind: "number", min: 0.000001, max: 1e9, about: "Opening money of the quote currency." },
    {
      key: "warmup_bars",
      kind: "whole",
      min: 0,
      max: 100_000,
      about: "Past bars fed before the first live one; what the indicators need otherwise.",
    },
  ],
};

/** Every section of the file, in reading order. */
export const configSections: readonly ConfigSection[] = [
  loop,
  journalSection,
  snapshotsSection,
  risk,
  guards,
  sentinel,
  metrics,
  paper,
  venues,
  credentials,
  secretBackend,
  strategies,
];

export function sectionOf(name: string): ConfigSection {
  return configSections.find((section) => section.name === name)!;
}
