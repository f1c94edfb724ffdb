import type { Env } from "@tradepulse/platform";

export interface SilenceFileOptions {
  readonly env: Pick<Env, "files" | "wallUs" | "monoUs">;
  /** Absolute. One for each address that a venue counts by, shared by all processes that ask from it. */
  readonly path: string;
  /** Longest silence that the venue speaks, in microseconds: what is longer is no word of its own. */
  readonly longestUs: number;
  /** Kept when the file cannot be read: a silence of unknown length was asked for. */
  readonly unreadableUs: number;
  /** A silence that could not be written holds in this process only. */
  readonly onAlarm?: (text: string) => void;
}

/**
 * The silence that a venue has asked for (429, 418), on the disk: a process that is started again in the middle of it must not ask either, since every
 * request then makes the ban longer. Stated in wall time, the only one that two processes share, and in its length.
 */
export class SilenceFile {
  readonly #options: SilenceFileOptions;
  /** One write after the other, so that the longest is the last. */
  #writing: Promise<void> = Promise.resolve();

  constructor(options: SilenceFileOptions) {
    this.#options = options;
  }

  /** Monotonic instant until which nothing may be asked; `undefined` when no silence is known. Never rejects. */
  async read(): Promise<number | undefined> {
    const { env, path, longestUs, unreadableUs } = this.#options;
    let text: string;
    try {
      text = new TextDecoder().decode(await env.files.read(path));
    } catch (error) {
      const isAbsent = error instanceof Error && "code" in error && error.code === "ENOENT";
      return isAbsent ? undefined : env.monoUs() + unreadableUs;
    }
    const kept = silenceIn(text);
    if (kept === undefined) return env.monoUs() + unreadableUs;
    // A wall clock that was set back since would make it longer than the venue ever asked for.
    const leftUs = Math.min(longestUs, kept.lengthUs, kept.untilUs - env.wallUs());
    return leftUs > 0 ? env.monoUs() + leftUs : undefined;
  }

  /** Keeps a silence that ends at this monotonic instant. Returns at once; resolves when it is on the disk or cannot be. */
  keep(untilMonoUs: number): Promise<void> {
    const { env, path, onAlarm } = this.#options;
    const lengthUs = Math.ceil(untilMonoUs - env.monoUs());
    const untilUs = Math.ceil(env.wallUs() + lengthUs);
    this.#writing = this.#writing.then(async () => {
      try {
        await env.files.makeFolder(path.slice(0, path.lastIndexOf("/")));
        await env.files.replace(path, new TextEncoder().encode(JSON.stringify({ schema: 1, untilUs, lengthUs })));
      } catch (error) {
        onAlarm?.(`the silence that the venue asked for could not be kept: ${error instanceof Error ? error.message : String(error)}`);
      }
    });
    return this.#writing;
  }
}

function silenceIn(text: string): { readonly untilUs: number; readonly lengthUs: number } | undefined {
  try {
    // Without a length, as it was kept before, only the venue's longest bounds it.
    const { untilUs, lengthUs = Number.MAX_SAFE_INTEGER } = JSON.parse(text) as { readonly untilUs: unknown; readonly lengthUs?: unknown };
    return isCount(untilUs) && isCount(lengthUs) ? { untilUs, lengthUs } : undefined;
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
