import {
  type PostgresConnection,
  PostgresError,
  type PostgresQuery,
  type PostgresRow,
  type PostgresValue,
  type SimProcess,
} from "@tradepulse/platform";

/** What becomes of a statement: it is carried out or not, and its answer arrives or not. */
export type StatementFate = "answered" | "lost-before" | "lost-after" | "canceled";

/** The side of the server. */
export interface SimulatedServer {
  readonly isDown: boolean;
  fateOf(text: string): StatementFate;
  carryOut(text: string, values: readonly PostgresValue[], by: SimulatedConnection): readonly PostgresRow[];
  pause(): Promise<void>;
  ended(connection: SimulatedConnection): void;
}

/** A connection to a simulated server: statements are carried out one after the other, whether or not anybody still listens. */
export class SimulatedConnection implements PostgresConnection {
  isOpen = true;
  private readonly server: SimulatedServer;
  /** Whose it is: nothing reaches a process that has ended. */
  private readonly process: SimProcess | undefined;
  private lostRun: ((error: PostgresError) => void) | undefined;
  private before: Promise<void> = Promise.resolve();

  constructor(server: SimulatedServer, process: SimProcess | undefined) {
    this.server = server;
    this.process = process;
    process?.onEnd(() => this.lose());
  }

  readonly query: PostgresQuery = async (text, values = []) => {
    if (!this.isOpen) throw new PostgresError("lost", "the connection is closed");
    const turn = this.before;
    let end: () => void = () => undefined;
    this.before = new Promise((resolve) => {
      end = resolve;
    });
    await turn;
    try {
      return await this.answer(text, values);
    } finally {
      end();
      // Nothing of a process that was killed runs any more.
      if (this.process?.isAlive === false) await new Promise<never>(() => undefined);
    }
  };

  private async answer(text: string, values: readonly PostgresValue[]): Promise<readonly PostgresRow[]> {
    const { server } = this;
    await server.pause();
    const fate = server.fateOf(text);
    if (fate === "canceled") throw new PostgresError("server", "canceling statement due to user request", "57014");
    const wasOpen = this.isOpen;
    if (fate === "lost-before") this.lose();
    const isCarriedOut = fate !== "lost-before" && (wasOpen || !server.isDown);
    const rows = isCarriedOut ? server.carryOut(text, values, this) : [];
    if (fate === "lost-after") this.lose();
    await server.pause();
    if (!this.isOpen) throw new PostgresError("unknown", "the connection ended before the answer");
    return rows;
  }

  async transaction<T>(run: (query: PostgresQuery) => Promise<T>): Promise<T> {
    return await run(this.query);
  }

  listen(): Promise<void> {
    return Promise.resolve();
  }

  onLost(run: (error: PostgresError) => void): void {
    this.lostRun = run;
  }

  close(): Promise<void> {
    this.end();
    return Promise.resolve();
  }

  lose(): void {
    if (!this.isOpen) return;
    this.end();
    const run = this.lostRun;
    if (this.process?.isAlive !== false) queueMicrotask(() => run?.(new PostgresError("lost", "the connection ended")));
  }

  private end(): void {
    this.isOpen = false;
    this.server.ended(this);
  }
}
