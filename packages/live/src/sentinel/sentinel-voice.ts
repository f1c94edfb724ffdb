import type { Env } from "@tradepulse/platform";
import { EvidenceLog } from "./evidence-log.ts";

export interface SentinelNews {
  /** An alarm is for a person, at once. */
  readonly kind: "note" | "alarm";
  readonly text: string;
}

export interface SentinelVoiceParts {
  readonly env: Env;
  /** Folder of the sentinel: the evidence lies in it. Absolute. */
  readonly folder: string;
  readonly onNews?: ((news: SentinelNews) => void) | undefined;
  /** Takes secrets out of a text: what a venue says may quote what it was sent. */
  readonly clean?: ((text: string) => string) | undefined;
}

/** What a sentinel says: to a person as news, each trouble once until it has passed, and to its evidence. Secrets are taken out of both. */
export class SentinelVoice {
  private readonly parts: SentinelVoiceParts;
  private readonly evidence: EvidenceLog;
  /** Keys of the troubles that last. */
  private readonly told = new Set<string>();

  constructor(parts: SentinelVoiceParts) {
    this.parts = parts;
    this.evidence = new EvidenceLog(parts.env, parts.folder, (text) => this.tell("alarm", text));
  }

  /** Once, until it has passed. */
  alarm(key: string, text: string): void {
    if (this.told.has(key)) return;
    this.told.add(key);
    this.note("alarm", { text });
    this.tell("alarm", text);
  }

  /** Keys that start so and last. */
  lasting(start: string): readonly string[] {
    return Array.from(this.told).filter((key) => key.startsWith(start));
  }

  /** It has passed: when it comes again, it is told again. */
  forget(key: string): void {
    this.told.delete(key);
  }

  /** For the evidence alone. `about` is plain JSON. */
  note(kind: string, about: Readonly<Record<string, unknown>>): void {
    const { clean = (text) => text } = this.parts;
    const texts = Object.entries(about).map(([name, value]) => [name, typeof value === "string" ? clean(value) : value]);
    this.evidence.append(kind, Object.fromEntries(texts));
  }

  /** For a person alone. */
  tell(kind: SentinelNews["kind"], text: string): void {
    this.parts.onNews?.({ kind, text: this.parts.clean?.(text) ?? text });
  }

  /** Tries again to write what waits for the disk. */
  flush(): void {
    this.evidence.flush();
  }

  async close(): Promise<void> {
    await this.evidence.close();
  }
}
