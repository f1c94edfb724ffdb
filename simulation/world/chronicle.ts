/** One line of what happened, for people. */
export interface ChronicleLine {
  readonly atUs: number;
  readonly who: "venue" | "trader" | "network" | "fault" | "person" | "oracle";
  readonly text: string;
}

/** How many lines one checkpoint of the digest covers. */
export const CHECKPOINT_LINES = 256;

/** Everything that happens, in order, folded into a digest: two runs of one seed must agree line for line. */
export class Chronicle {
  readonly lines: ChronicleLine[] = [];
  /** Digest after every {@link CHECKPOINT_LINES} lines. */
  readonly checkpoints: string[] = [];
  private high = 0x811c9dc5;
  private low = 0x9e3779b9;
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  add(who: ChronicleLine["who"], text: string): void {
    const line = { atUs: this.now(), who, text };
    this.lines.push(line);
    this.fold(`${line.atUs}|${who}|${text}`);
    if (this.lines.length % CHECKPOINT_LINES === 0) this.checkpoints.push(this.digest);
  }

  get digest(): string {
    return [this.high, this.low].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  private fold(text: string): void {
    let { high, low } = this;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      high = Math.imul(high ^ code, 0x01000193);
      low = Math.imul((low ^ code) + high, 0x85ebca6b);
      low ^= low >>> 13;
    }
    this.high = high;
    this.low = low;
  }
}
