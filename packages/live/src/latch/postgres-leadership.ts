import { type Failure, fail, ok, type Result } from "@tradepulse/core";
import { type Env, type PostgresConnection, PostgresError, type Timer } from "@tradepulse/platform";
import { LEADERSHIP_POLL_US, LEADERSHIP_STALE_US, type Leadership, type LeadershipTerms } from "./leadership.ts";

export interface PostgresLeadershipOptions extends LeadershipTerms {
  readonly env: Env;
  /** Opens a protected connection; asked again after every loss. Straight to the server: a pooler that shares connections would share the lock. */
  readonly connect: () => Promise<PostgresConnection>;
  readonly account: string;
  /** Shown to people beside the epoch: which host and process. */
  readonly holder: string;
}

/** A host that has vanished keeps its lock until the server notices: after some ten seconds. */
const KEEPALIVE =
  "SELECT set_config('tcp_keepalives_idle', '5', false), set_config('tcp_keepalives_interval', '2', false), set_config('tcp_keepalives_count', '3', false)";

/**
 * Takes the leadership of an account in the database: a lock that lives as long as the connection, then an epoch higher than any before, committed before
 * anything is done in its name. From then on the database refuses every record of the epoch before. When the leader before did not end in order, the
 * result comes after `staleUs + orderLifeUs`, as with files. Fails with `TP_LEADER_HELD` while another process leads; throws what `connect` throws.
 */
export async function takePostgresLeadership(options: PostgresLeadershipOptions): Promise<Result<PostgresLeadership>> {
  const { env, account, usedEpoch = 0, holder } = options;
  const connection = await options.connect();
  try {
    await connection.query(KEEPALIVE);
    const [row] = await connection.query("SELECT new_epoch, was_released FROM tradepulse.take_lead($1, $2, $3)", [
      account,
      usedEpoch,
      holder,
    ]);
    if (row === undefined || row["new_epoch"] === null) {
      const [leader] = await connection.query("SELECT holder FROM tradepulse.leader WHERE account = $1", [account]);
      await connection.close();
      return fail(heldBy(account, leader === undefined ? "a process that takes it now" : (leader["holder"] as string)));
    }
    if (row["was_released"] !== true) {
      const waitUs = (options.staleUs ?? LEADERSHIP_STALE_US) + options.orderLifeUs;
      options.onWait?.(waitUs);
      await env.sleep(waitUs);
    }
    const leadership = new PostgresLeadership(options, Number(row["new_epoch"]), connection);
    await leadership.check();
    leadership.watch();
    return ok(leadership);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Leadership by a lock and a row of the database. */
export class PostgresLeadership implements Leadership {
  readonly epoch: number;
  private readonly options: PostgresLeadershipOptions;
  /** Holds the lock; `undefined` while there is none. */
  private connection: PostgresConnection | undefined;
  private checkedUs = Number.NEGATIVE_INFINITY;
  private isLost = false;
  private isEnded = false;
  private timer: Timer | undefined;

  constructor(options: PostgresLeadershipOptions, epoch: number, connection: PostgresConnection) {
    this.options = options;
    this.epoch = epoch;
    this.connection = connection;
  }

  get leads(): boolean {
    if (this.isLost || this.isEnded) return false;
    return this.options.env.monoUs() - this.checkedUs <= (this.options.staleUs ?? LEADERSHIP_STALE_US);
  }

  /** Looks at the epoch now, with the lock in hand. A database that does not answer proves nothing: the last look gets older. */
  async check(): Promise<boolean> {
    const startUs = this.options.env.monoUs();
    try {
      const found = this.connection?.isOpen === true ? await this.look(this.connection) : await this.resume();
      if (found === this.epoch) this.checkedUs = startUs;
      else if (found !== undefined) this.lose(found);
    } catch (error) {
      if (!(error instanceof PostgresError)) throw error;
    }
    return this.leads;
  }

  /** For the taker: looks again and again. */
  watch(): void {
    if (this.isLost || this.isEnded) return;
    this.timer = this.options.env.timer(this.options.pollUs ?? LEADERSHIP_POLL_US, () => {
      // A connection that is refused for want of protection will not be had later either: nobody leads without one.
      void this.check()
        .catch(() => false)
        .then(() => this.watch());
    });
  }

  async release(): Promise<void> {
    if (this.isEnded) return;
    this.isEnded = true;
    this.timer?.cancel();
    try {
      if (this.isLost) return;
      if (this.connection?.isOpen !== true) this.connection = await this.options.connect();
      await this.connection.query("SELECT tradepulse.release_lead($1, $2)", [this.options.account, this.epoch]);
    } finally {
      await this.letGo();
    }
  }

  async abandon(): Promise<void> {
    if (this.isEnded) return;
    this.isEnded = true;
    this.timer?.cancel();
    await this.letGo();
  }

  /** The server may notice a closed connection a moment late; the lock is given back before. */
  private async letGo(): Promise<void> {
    if (this.connection?.isOpen === true) await this.connection.query("SELECT pg_advisory_unlock_all()").catch(() => []);
    await this.connection?.close();
  }

  private async look(connection: PostgresConnection): Promise<number | undefined> {
    const [row] = await connection.query("SELECT epoch FROM tradepulse.leader WHERE account = $1", [this.options.account], "look");
    return row === undefined ? undefined : Number(row["epoch"]);
  }

  /** A new connection takes the lock, unless somebody else has it. Our own one of before may hold it until the server has noticed. */
  private async resume(): Promise<number | undefined> {
    const { account } = this.options;
    const connection = await this.options.connect();
    let isKept = false;
    try {
      const [row] = await connection.query("SELECT tradepulse.resume_lead($1, $2) AS answer", [account, this.epoch]);
      if (row?.["answer"] === "epoch") return await this.look(connection);
      if (row?.["answer"] !== "ok" || this.isEnded) return undefined;
      await connection.query(KEEPALIVE);
      isKept = true;
      this.connection = connection;
      return this.epoch;
    } finally {
      if (!isKept) await connection.close();
    }
  }

  private lose(epoch: number): void {
    if (this.isLost) return;
    this.isLost = true;
    void this.connection?.close();
    this.options.onLost?.(epoch);
  }
}

function heldBy(account: string, holder: string): Failure {
  return {
    code: "TP_LEADER_HELD",
    message: `Cannot lead account "${account}": another process holds its lock in the database, one may lead at a time`,
    details: [["held by", holder]],
    next: "stop the other process, or leave it to its work; a host that has vanished loses the lock after some ten seconds",
  };
}
