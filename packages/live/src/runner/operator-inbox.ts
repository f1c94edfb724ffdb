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

/** Looks for words, oldest first, and takes each away once it has been told. */
export class OperatorInbox {
  private readonly env: Env;
  private readonly folder: string;
  private readonly onWord: (action: OperatorFact["action"], reason: string) => void;
  private timer: Timer | undefined;
  private isStopped = false;

  constructor(env: Env, sessionFolder: string, onWord: (action: OperatorFact["action"], reason: string) => void) {
    this.env = env;
    this.folder = operatorFolder(sessionFolder);
    this.onWord = onWord;
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
    const { files } = this.env;
    const names = await files.list(this.folder).catch(() => []);
    for (const name of names.filter((each) => NAME.test(each))) {
      const word = readWord(await files.read(`${this.folder}/${name}`));
      // Taken away first: a word that is told twice would flatten twice.
      await files.remove(`${this.folder}/${name}`);
      if (word !== undefined && !this.isStopped) this.onWord(word.action, `${word.reason} (${word.by})`);
    }
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
