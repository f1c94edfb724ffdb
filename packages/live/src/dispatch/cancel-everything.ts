import type { Env } from "@tradepulse/platform";
import type { ExecutionClient } from "@tradepulse/venues";

export interface CancelEverythingParts {
  readonly env: Pick<Env, "monoUs" | "sleep">;
  readonly client: Pick<ExecutionClient, "cancelAll">;
  readonly symbols: readonly string[];
  /** Between two attempts, in microseconds. */
  readonly pauseUs: number;
  /** Monotonic instant after which it is given up. */
  readonly untilUs: number;
  readonly onAlarm: (text: string) => void;
}

/**
 * Cancels all orders of some symbols without an engine that could follow them: for a session that has failed. Asked again until the venue says that none
 * is left, or time is over; then a person is told.
 */
export async function cancelEverything(parts: CancelEverythingParts): Promise<void> {
  await Promise.all(parts.symbols.map((symbol) => cancelSymbol(parts, symbol)));
}

async function cancelSymbol({ env, client, pauseUs, untilUs, onAlarm }: CancelEverythingParts, symbol: string): Promise<void> {
  for (;;) {
    const why = await attempt(client, symbol);
    if (why === undefined) return;
    if (env.monoUs() + pauseUs >= untilUs) {
      onAlarm(`orders of ${symbol} could not be canceled: ${why}`);
      return;
    }
    await env.sleep(pauseUs);
  }
}

/** Why orders may be left; undefined when none is. */
async function attempt(client: CancelEverythingParts["client"], symbol: string): Promise<string | undefined> {
  try {
    const outcome = await client.cancelAll(symbol);
    if (outcome.kind === "unknown") return outcome.why;
    return outcome.kind === "refused" ? `${outcome.code} ${outcome.message}` : undefined;
  } catch (error) {
    // Keys that could not be fetched: no more than a venue that does not answer.
    return error instanceof Error ? error.message.split("\n", 1)[0]! : String(error);
  }
}
