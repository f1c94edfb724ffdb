import type { ControlCommand } from "@tradepulse/venues";
import { RigProcess, until } from "./rig-process.ts";

/** What the rig puts on the account: the trader is given less, so the rest is none of its business. */
export const OPENING = { base: 10, quote: 100_000 } as const;
export const BASE = "SYNTH";
export const QUOTE = "USD";

export interface VenueOrder {
  readonly orderId: number;
  readonly clientId: string;
  readonly status: string;
  readonly executed: bigint;
  readonly createdUs: number;
}

export interface VenueTrade {
  readonly tradeId: number;
  readonly clientId: string;
  readonly quantity: bigint;
}

/** The truth of the venue, as far as laws are about it. Amounts in hundred-millionths. */
export interface VenueTruth {
  readonly places: readonly { readonly clientId: string; readonly outcome: string; readonly atUs: number }[];
  /** Last state of every order that ever entered. */
  readonly orders: readonly VenueOrder[];
  readonly trades: readonly VenueTrade[];
  readonly faults: number;
  /** Free and locked, of an asset. */
  held(asset: string): bigint;
}

interface WireRecord {
  readonly kind: string;
  readonly atUs: number;
  readonly request?: string;
  readonly clientId?: string;
  readonly outcome?: string;
  readonly asset?: string;
  readonly free?: string;
  readonly locked?: string;
  readonly order?: {
    readonly orderId: number;
    readonly clientId: string;
    readonly status: string;
    readonly executed: string;
    readonly createdUs: number;
    readonly accountId: string;
  };
  readonly trade?: { readonly tradeId: number; readonly clientId: string; readonly quantity: string; readonly accountId: string };
}

/** The local venue as a process of its own, and its control. */
export class RigVenue {
  readonly port: number;
  private readonly process: RigProcess;

  private constructor(process: RigProcess, port: number) {
    this.process = process;
    this.port = port;
  }

  static async start(seed: number, faults: string, logPath: string): Promise<RigVenue> {
    const process = new RigProcess(
      [
        "venue-server",
        "--data",
        `synth:seed=${seed},bars=2000,interval=1m,volatility=0.8`,
        "--history",
        "100",
        "--port",
        "0",
        "--seed",
        String(seed),
        "--balances",
        `${BASE}=${OPENING.base},${QUOTE}=${OPENING.quote}`,
        "--latency",
        "25ms",
        "--json",
        ...(faults === "" ? [] : ["--faults", faults]),
      ],
      logPath,
    );
    try {
      const port = await until("the venue to be ready", 60_000, () => {
        if (!process.isRunning) throw new Error(`the venue ended: ${process.stderr}`);
        return /ready/.test(process.stderr) ? (JSON.parse(process.stdout) as { readonly port: number }).port : undefined;
      });
      return new RigVenue(process, port);
    } catch (error) {
      await process.kill();
      throw error;
    }
  }

  async control(command: ControlCommand): Promise<Readonly<Record<string, unknown>>> {
    const response = await fetch(`http://127.0.0.1:${this.port}/__control`, { method: "POST", body: JSON.stringify(command) });
    if (!response.ok) throw new Error(`the venue did not do ${JSON.stringify(command)}: ${await response.text()}`);
    return (await response.json()) as Readonly<Record<string, unknown>>;
  }

  async truth(): Promise<VenueTruth> {
    const { records } = (await this.control({ do: "truth" })) as unknown as { readonly records: readonly WireRecord[] };
    const places: VenueTruth["places"][number][] = [];
    const orders = new Map<number, VenueOrder>();
    const trades: VenueTrade[] = [];
    const held = new Map<string, bigint>();
    let faults = 0;
    for (const record of records) {
      const { kind, order, trade } = record;
      if (kind === "request" && record.request === "place")
        places.push({ clientId: record.clientId!, outcome: record.outcome!, atUs: record.atUs });
      else if (kind === "order") orders.set(order!.orderId, { ...order!, executed: BigInt(order!.executed) });
      else if (kind === "trade") trades.push({ ...trade!, quantity: BigInt(trade!.quantity) });
      else if (kind === "balance") held.set(record.asset!, BigInt(record.free!) + BigInt(record.locked!));
      else if (kind === "fault") faults += 1;
    }
    const opening = new Map([
      [BASE, BigInt(OPENING.base) * 100_000_000n],
      [QUOTE, BigInt(OPENING.quote) * 100_000_000n],
    ]);
    return { places, orders: [...orders.values()], trades, faults, held: (asset) => held.get(asset) ?? opening.get(asset) ?? 0n };
  }

  async stop(): Promise<void> {
    await this.process.kill();
  }
}
