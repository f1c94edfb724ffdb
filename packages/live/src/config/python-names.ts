/** What a name of the Python guide stands for here. */
export interface PythonName {
  readonly kind: "venue" | "export";
  /** Adapter of a venue, or name exported by `@tradepulse/live`. */
  readonly means: string;
}

/**
 * Names of the Python guide, so that its stanzas and its prose can be followed as they are written. The one table of aliases: nothing else
 * in TradePulse knows them.
 */
export const pythonNames: Readonly<Record<string, PythonName>> = {
  "execution.adapters.BinanceRESTConnector": { kind: "venue", means: "binance" },
  "execution.adapters.CoinbaseRESTConnector": { kind: "venue", means: "coinbase" },
  "execution.adapters.KrakenRESTConnector": { kind: "venue", means: "kraken" },
  AuthenticatedRESTExecutionConnector: { kind: "export", means: "AuthenticatedRESTExecutionConnector" },
  "interfaces.live_runner": { kind: "export", means: "LiveTradingRunner" },
  "interfaces.live_runner.LiveTradingRunner": { kind: "export", means: "LiveTradingRunner" },
};

/** The adapter that `class` names: by the guide's name, by the bare class name, or by the adapter's own name. */
export function adapterOfClass(name: string): string | undefined {
  for (const [python, { kind, means }] of Object.entries(pythonNames)) {
    if (kind === "venue" && (name === python || name === python.slice(python.lastIndexOf(".") + 1) || name === means)) return means;
  }
  return undefined;
}

/** Class names that `class` may have. */
export function classNames(): readonly string[] {
  return Object.entries(pythonNames).flatMap(([python, { kind }]) => (kind === "venue" ? [python] : []));
}
