import type { Env, PostgresConnection, Timer } from "@tradepulse/platform";

export interface KeptConnectionParts {
  readonly env: Env;
  readonly connect: () => Promise<PostgresConnection>;
  /** First pause between attempts, which doubles up to 16 times as long. */
  readonly retryUs: number;
  /** After so long a connection is exchanged for a fresh one. */
  readonly maxAgeUs: number;
  /** False when nobody will ever ask for it again. */
  readonly isWanted: () => boolean;
  /** True while nothing is under way on it, so that it may be exchanged. */
  readonly isIdle: () => boolean;
  /** There is one again. */
  readonly onReady: () => void;
  /** The connection was lost, or an attempt failed. Whether to go on is decided by {@link KeptConnectionParts.isWanted}. */
  readonly onTrouble: (error: unknown, from: "connection" | "attempt") => void;
}

/** One connection that is there again and again: after a loss with growing pauses, and a fresh one in place of one that has become old. */
export class KeptConnection {
  current: PostgresConnection | undefined;
  private readonly parts: KeptConnectionParts;
  private isConnecting = false;
  private attempts = 0;
  private isOld = false;
  private ageTimer: Timer | undefined;

  constructor(parts: KeptConnectionParts, first: PostgresConnection) {
    this.parts = parts;
    this.take(first);
  }

  /** It did what it is for: the next loss is answered at once. */
  worked(): void {
    this.attempts = 0;
    if (this.isOld && this.parts.isIdle()) this.replace();
  }

  /** Gives the connection up, and gets another one. */
  replace(): void {
    this.leave();
    this.reconnect();
  }

  /** Gets one where there is none. */
  reconnect(): void {
    if (this.isConnecting || this.current !== undefined || !this.parts.isWanted()) return;
    this.isConnecting = true;
    void this.connectAgain().then(() => {
      this.isConnecting = false;
      this.parts.onReady();
    });
  }

  /** For good. Resolves when it is closed. */
  async end(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    this.ageTimer?.cancel();
    await current?.close();
  }

  private leave(): void {
    const { current } = this;
    this.current = undefined;
    this.ageTimer?.cancel();
    void current?.close();
  }

  private take(connection: PostgresConnection): void {
    const { env, maxAgeUs, isIdle, onTrouble } = this.parts;
    this.current = connection;
    this.isOld = false;
    this.ageTimer = env.timer(maxAgeUs, () => {
      this.isOld = true;
      if (isIdle() && this.current === connection) this.replace();
    });
    connection.onLost((error) => {
      if (this.current === connection) onTrouble(error, "connection");
    });
  }

  /** Tries until there is one, or nobody wants it any more. Never rejects. */
  private async connectAgain(): Promise<void> {
    const { env, connect, retryUs, isWanted, onTrouble } = this.parts;
    while (isWanted()) {
      if (this.attempts > 0) await env.sleep(retryUs * Math.min(16, 2 ** (this.attempts - 1)));
      this.attempts += 1;
      try {
        const connection = await connect();
        if (!isWanted()) return await connection.close();
        this.take(connection);
        return;
      } catch (error) {
        onTrouble(error, "attempt");
      }
    }
  }
}
