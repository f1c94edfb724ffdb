import { type Failure, fail, ok, type Result } from "@tradepulse/core";
import type { Env, FileLock, Timer } from "@tradepulse/platform";
import { canonicalJson } from "../journal/canonical-json.ts";
import { crc32c } from "../journal/crc32c.ts";
import { LEADERSHIP_POLL_US, LEADERSHIP_STALE_US, type Leadership, type LeadershipTerms } from "./leadership.ts";

const TEXT = new TextEncoder();

export interface FileLeadershipOptions extends LeadershipTerms {
  readonly env: Env;
  /** Absolute; the same for every process that may lead the account. */
  readonly folder: string;
}

interface EpochFile {
  readonly epoch: number;
  /** The leader ended in order: nothing of it is under way. */
  readonly isReleased: boolean;
}

/**
 * Takes the leadership of an account: the lock, then an epoch higher than any before, written before anything is done in its name. When the leader
 * before did not end in order it may still send until its last look is stale, and its last order may be under way for an order's life after that: the
 * result comes after `staleUs + orderLifeUs`. Fails with `TP_LEADER_HELD` while another process leads and with `TP_LEADER_EPOCH` when the last epoch
 * cannot be read.
 */
export async function takeFileLeadership(options: FileLeadershipOptions): Promise<Result<FileLeadership>> {
  const { env, folder } = options;
  const usedEpoch = options.usedEpoch ?? 0;
  await env.files.makeFolder(folder);
  const lock = await env.files.lock(`${folder}/leader.lock`);
  if (lock === undefined) return fail(heldBy(folder, await holderOf(env, folder)));
  try {
    const hasFile = (await env.files.list(folder)).includes("epoch.json");
    const last = hasFile ? await readEpoch(env, folder) : { epoch: 0, isReleased: usedEpoch === 0 };
    if (last === undefined) {
      await lock.release();
      return fail(unreadable(folder, usedEpoch));
    }
    const epoch = Math.max(last.epoch, usedEpoch) + 1;
    await writeEpoch(env, folder, { epoch, isReleased: false });
    if (!last.isReleased || usedEpoch > last.epoch) {
      const waitUs = (options.staleUs ?? LEADERSHIP_STALE_US) + options.orderLifeUs;
      options.onWait?.(waitUs);
      await env.sleep(waitUs);
    }
    const leadership = new FileLeadership(options, epoch, lock);
    await leadership.check();
    leadership.watch();
    return ok(leadership);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Leadership by a lock file and a file with the epoch. */
export class FileLeadership implements Leadership {
  readonly epoch: number;
  private readonly options: FileLeadershipOptions;
  private readonly lock: FileLock;
  private checkedUs = Number.NEGATIVE_INFINITY;
  private isLost = false;
  private isReleased = false;
  private timer: Timer | undefined;

  constructor(options: FileLeadershipOptions, epoch: number, lock: FileLock) {
    this.options = options;
    this.epoch = epoch;
    this.lock = lock;
  }

  get leads(): boolean {
    if (this.isLost || this.isReleased) return false;
    return this.options.env.monoUs() - this.checkedUs <= (this.options.staleUs ?? LEADERSHIP_STALE_US);
  }

  /** Looks at the epoch file now. An epoch that cannot be read proves nothing: the last look gets older. */
  async check(): Promise<boolean> {
    const startUs = this.options.env.monoUs();
    const found = await readEpoch(this.options.env, this.options.folder);
    if (found?.epoch === this.epoch) {
      this.checkedUs = startUs;
    } else if (found !== undefined && !this.isLost) {
      this.isLost = true;
      this.options.onLost?.(found.epoch);
    }
    return this.leads;
  }

  /** For the taker: looks again and again. */
  watch(): void {
    if (this.isLost || this.isReleased) return;
    this.timer = this.options.env.timer(this.options.pollUs ?? LEADERSHIP_POLL_US, () => {
      void this.check().then(() => this.watch());
    });
  }

  async release(): Promise<void> {
    if (this.isReleased) return;
    this.isReleased = true;
    this.timer?.cancel();
    try {
      if (!this.isLost) await writeEpoch(this.options.env, this.options.folder, { epoch: this.epoch, isReleased: true });
    } finally {
      // What the disk did not take makes the next leader wait; the lock must not keep it out.
      await this.lock.release();
    }
  }

  async abandon(): Promise<void> {
    if (this.isReleased) return;
    this.isReleased = true;
    this.timer?.cancel();
    await this.lock.release();
  }
}

async function readEpoch(env: Env, folder: string): Promise<EpochFile | undefined> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(await env.files.read(`${folder}/epoch.json`)));
    if (typeof value !== "object" || value === null) return undefined;
    const { epoch, isReleased, check } = value as Readonly<Record<string, unknown>>;
    if (typeof epoch !== "number" || !Number.isSafeInteger(epoch) || epoch < 1 || typeof isReleased !== "boolean") return undefined;
    // A person who repairs the file need not compute the checksum.
    return check === undefined || check === checksum({ epoch, isReleased }) ? { epoch, isReleased } : undefined;
  } catch {
    return undefined;
  }
}

function writeEpoch(env: Env, folder: string, file: EpochFile): Promise<void> {
  return env.files.replace(`${folder}/epoch.json`, TEXT.encode(canonicalJson({ ...file, check: checksum(file) })));
}

/** A turned bit must not make an epoch lower: client ids would come again. */
function checksum({ epoch, isReleased }: EpochFile): number {
  return crc32c(TEXT.encode(`${epoch} ${isReleased}`));
}

/** Who wrote the lock file, as far as it says so; for people, nothing is decided by it. */
async function holderOf(env: Env, folder: string): Promise<string | undefined> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(await env.files.read(`${folder}/leader.lock`)));
    const { pid, host } = value as Readonly<Record<string, unknown>>;
    return Number.isSafeInteger(pid) ? `process ${String(pid)}${typeof host === "string" ? ` on ${host}` : ""}` : undefined;
  } catch {
    return undefined;
  }
}

function heldBy(folder: string, holder: string | undefined): Failure {
  return {
    code: "TP_LEADER_HELD",
    message: `Cannot lead the account of "${folder}": another process holds "leader.lock", one may lead at a time`,
    details: holder === undefined ? [] : [["holder", holder]],
    next: "stop the other process, or leave it to its work",
  };
}

function unreadable(folder: string, usedEpoch: number): Failure {
  return {
    code: "TP_LEADER_EPOCH",
    message: `Cannot lead the account of "${folder}": "epoch.json" holds no epoch, it must hold the last one used`,
    details: [["last in the journal", usedEpoch === 0 ? "not known" : String(usedEpoch)]],
    next: "restore the file, or write an epoch that is higher than any used before",
  };
}
