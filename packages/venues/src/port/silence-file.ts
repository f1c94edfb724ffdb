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
 * request then makes the ban longer. Stated in wall time, the only one that two processes share.
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
    const untilUs = untilIn(text);
    if (untilUs === undefined) return env.monoUs() + unreadableUs;
    const leftUs = Math.min(longestUs, untilUs - env.wallUs());
    return leftUs > 0 ? env.monoUs() + leftUs : undefined;
  }

  /** Keeps a silence that ends at this monotonic instant. Returns at once; resolves when it is on the disk or cannot be. */
  keep(untilMonoUs: number): Promise<void> {
    const { env, path, onAlarm } = this.#options;
    const untilUs = env.wallUs() + (untilMonoUs - env.monoUs());
    this.#writing = this.#writing.then(async () => {
      try {
        await env.files.makeFolder(path.slice(0, path.lastIndexOf("/")));
        await env.files.replace(path, new TextEncoder().encode(JSON.stringify({ schema: 1, untilUs: Math.ceil(untilUs) })));
      } catch (error) {
        onAlarm?.(`the silence that the venue asked for could not be kept: ${error instanceof Error ? error.message : String(error)}`);
      }
    });
    return this.#writing;
  }
}

function untilIn(text: string): number | undefined {
  try {
    const { untilUs } = JSON.parse(text) as { readonly untilUs: unknown };
    return Number.isSafeInteger(untilUs) ? (untilUs as number) : undefined;
  } catch {
    return undefined;
  }
}
