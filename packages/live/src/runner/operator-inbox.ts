import type { OperatorFact } from "@tradepulse/core";
import type { Env, Timer } from "@tradepulse/platform";

/** What a person asked a running session to do besides the trading state, which the latch keeps. */
export interface OperatorWord {
  readonly action: "cancel-all" | "flatten";
  readonly reason: string;
  readonly by: string;
}

const NAME = /^word-\d{17}-[0-9a-f]{32}\.json$/;
const LOOK_EVERY_US = 250_000;
/** A word is a line or two. */
const MOST_BYTES = 16_384;
/** Words taken in one look. */
const MOST_AT_ONCE = 256;

export function operatorFolder(sessionFolder: string): string {
  return `${sessionFolder}/operator`;
}

/** Leaves a word for the process of a session. It is durable when this resolves, and carried out once. */
export async function leaveWord(env: Env, sessionFolder: string, word: OperatorWord): Promise<void> {
  const folder = operatorFolder(sessionFolder);
  await env.files.makeFolder(folder);
  const name = `word-${String(env.wallUs()).padStart(17, "0")}-${env.uniqueId()}.json`;
  await env.files.replace(`${folder}/${name}`, new TextEncoder().encode(JSON.stringify(word)));
}

/** Actions that were left and that no process has taken yet, the oldest first. What cannot be read is "unreadable". */
export async function waitingWords(env: Env, sessionFolder: string): Promise<readonly string[]> {
  const folder = operatorFolder(sessionFolder);
  const names = (await env.files.list(folder)).filter((name) => NAME.test(name)).slice(0, MOST_AT_ONCE);
  return await Promise.all(
    names.map(async (name) => {
      const bytes = await env.files.read(`${folder}/${name}`).catch(() => new Uint8Array());
      return readWord(bytes)?.action ?? "unreadable";
    }),
  );
}

export interface OperatorListener {
  onWord(action: OperatorFact["action"], reason: string): void;
  /** A word that cannot be understood, or not be taken away: nothing was carried out, and whoever left it must know. */
  onBadWord(flaw: "unreadable" | "oversized", why: string): void;
}

/** Looks for words, oldest first, and takes each away once it has been told. A word that cannot be taken away is not carried out, and told once. */
export class OperatorInbox {
  private readonly env: Env;
  private readonly folder: string;
  private readonly listener: OperatorListener;
  /** Words that could not be read or taken away; they are told once. */
  private readonly stuck = new Set<string>();
  private timer: Timer | undefined;
  private isStopped = false;

  constructor(env: Env, sessionFolder: string, listener: OperatorListener) {
    this.env = env;
    this.folder = operatorFolder(sessionFolder);
    this.listener = listener;
  }

  watch(): void {
    if (this.isStopped) return;
    this.timer = this.env.timer(LOOK_EVERY_US, () => {
      void this.look().finally(() => this.watch());
    });
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
  }

  private async look(): Promise<void> {
    const names = await this.env.files.list(this.folder).catch(() => []);
    const words = names.filter((name) => NAME.test(name)).slice(0, MOST_AT_ONCE);
    for (const name of this.stuck) if (!words.includes(name)) this.stuck.delete(name);
    for (const name of words) await this.take(name).catch(() => this.tellStuck(name));
  }

  private async take(name: string): Promise<void> {
    const path = `${this.folder}/${name}`;
    const word = await this.read(path);
    // Taken away first: a word that is told twice would flatten twice.
    await this.env.files.remove(path);
    if (this.isStopped) return;
    if (typeof word !== "string") this.listener.onWord(word.action, `${word.reason} (${word.by})`);
    else
      this.listener.onBadWord(
        word,
        `an operator's word was not carried out: "${name}" is ${word === "oversized" ? "too long" : "no word"}`,
      );
  }

  private async read(path: string): Promise<OperatorWord | "unreadable" | "oversized"> {
    const handle = await this.env.files.open(path);
    try {
      const bytes = await handle.readAt(0, MOST_BYTES + 1);
      return bytes.length > MOST_BYTES ? "oversized" : (readWord(bytes) ?? "unreadable");
    } finally {
      await handle.close();
    }
  }

  private tellStuck(name: string): void {
    if (this.stuck.has(name) || this.isStopped) return;
    this.stuck.add(name);
    this.listener.onBadWord("unreadable", `an operator's word was not carried out: "${name}" cannot be read and taken away`);
  }
}

function readWord(bytes: Uint8Array): OperatorWord | undefined {
  try {
    const { action, reason, by } = JSON.parse(new TextDecoder().decode(bytes)) as Readonly<Record<string, unknown>>;
    if ((action !== "cancel-all" && action !== "flatten") || typeof reason !== "string" || typeof by !== "string") return undefined;
    return { action, reason, by };
  } catch {
    return undefined;
  }
}
