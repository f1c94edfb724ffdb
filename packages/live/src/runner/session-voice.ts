import {
  type Env,
  FloodGate,
  InputCounters,
  type InputFlaw,
  type InputSource,
  type LogFields,
  type LogLevel,
  type LogLine,
  type MetricFamily,
  ProcessLog,
  Redactor,
  type Timer,
} from "@tradepulse/platform";
import { cleanError } from "./clean-error.ts";
import { COUNTERS_FILE, type CountersFile } from "./counters-file.ts";
import type { SessionNews } from "./session-news.ts";

export interface SessionVoiceParts {
  readonly env: Env;
  readonly onNews?: ((news: SessionNews) => void) | undefined;
}

interface Waiting {
  readonly level: LogLevel;
  readonly event: string;
  readonly text: string;
  readonly fields: LogFields;
}

/** Lines from before the folder of the session is known. */
const MOST_WAITING = 200;
/** Alarms of one wording, figures apart, and lines about bad input of one kind, in a minute; the rest is counted and told in one. */
const ALARMS_A_MINUTE = 20;
const FLAWS_A_MINUTE = 5;
/** Of all wordings together: whoever words the reason of a closed connection must not bury the rest. */
const ALL_ALARMS_A_MINUTE = 300;
const ALL = "alarms of every kind";
/**
 * Lines for the files only. Alarms are news of their own, also those about bad input; its counts, how a session ended, and why it did not start,
 * are what whoever started it gets back.
 */
const TOLD_OTHERWISE: ReadonlySet<string> = new Set(["alarm", "bad-input", "bad-input-total", "ended", "not-started"]);
const MINUTE_US = 60_000_000;
const KEEP_EVERY_US = 10_000_000;

/**
 * Everything that a session tells goes through here: alarms to whoever watches and to the log, lines of the log, counts of bad input. Secrets are
 * taken out, and of what comes in floods the first few are told and the others counted.
 */
export class SessionVoice {
  readonly redactor = new Redactor();
  readonly counters = new InputCounters();
  private readonly parts: SessionVoiceParts;
  private readonly alarms: FloodGate;
  private readonly allAlarms: FloodGate;
  private readonly flaws: FloodGate;
  private log: ProcessLog | undefined;
  private isCatchingUp = false;
  private folder: string | undefined;
  private waiting: Waiting[] = [];
  private flush: Timer | undefined;
  private keeping: Timer | undefined;
  private lastAlarm = new Map<string, string>();
  private isClosed = false;

  constructor(parts: SessionVoiceParts) {
    this.parts = parts;
    const monoUs = (): number => parts.env.monoUs();
    this.alarms = new FloodGate({ most: ALARMS_A_MINUTE, windowUs: MINUTE_US, monoUs });
    this.allAlarms = new FloodGate({ most: ALL_ALARMS_A_MINUTE, windowUs: MINUTE_US, monoUs });
    this.flaws = new FloodGate({ most: FLAWS_A_MINUTE, windowUs: MINUTE_US, monoUs });
  }

  /** From now on lines are kept below the folder of the session; those that were said before come first. */
  openLog(folder: string): void {
    const { env } = this.parts;
    this.folder = folder;
    this.log = new ProcessLog({
      env,
      folder: `${folder}/log`,
      redactor: this.redactor,
      // What was said before there was a log has been told.
      onLine: (line) => (this.isCatchingUp ? undefined : this.tell(line)),
    });
    this.isCatchingUp = true;
    for (const { level, event, text, fields } of this.waiting.splice(0)) this.log.write(level, event, text, fields);
    this.isCatchingUp = false;
  }

  /** A line of the log. */
  say(level: LogLevel, event: string, text: string, fields: LogFields = {}): void {
    if (this.log !== undefined) this.log.write(level, event, text, fields);
    else if (this.waiting.length < MOST_WAITING) {
      this.waiting.push({ level, event, text, fields });
      // There is no log yet, and a person who waits for the start must not wait in the dark.
      this.tell({ timeUs: this.parts.env.wallUs(), level, event, text: this.redactor.clean(text), fields: {} });
    }
  }

  private tell(line: LogLine): void {
    if (!TOLD_OTHERWISE.has(line.event)) this.parts.onNews?.({ kind: "log", line });
  }

  /** Passes news on. An alarm is told as {@link alarm} does. */
  readonly news = (news: SessionNews): void => {
    if (news.kind === "alarm") this.alarm(news.text);
    else this.parts.onNews?.(news);
  };

  /** Tells what a person must know. Gives the text as it was told; `undefined` when it is one of very many and was only counted. */
  alarm(text: string): string | undefined {
    const clean = this.redactor.clean(text);
    const kind = clean.replaceAll(/\d+/g, "#").slice(0, 200);
    if (this.alarms.pass(kind) === undefined) return this.hold(kind, clean);
    if (this.allAlarms.pass(ALL) === undefined) return this.hold(ALL, clean);
    this.tellAlarm(clean);
    return clean;
  }

  /** Counts bad input; the first few of a kind are lines of the log. `why` must not quote what came in. */
  bad<S extends InputSource>(source: S, flaw: InputFlaw<S>, why: string): void {
    this.counters.count(source, flaw);
    const held = this.flaws.pass(`${source} ${flaw}`);
    if (held !== undefined) {
      const count = this.counters.of(source, flaw);
      this.say("warn", "bad-input", `${source}: ${why}`, { source, kind: flaw, count });
    }
    if (!this.isClosed) this.keeping ??= this.parts.env.timer(KEEP_EVERY_US, () => this.keepCounts());
  }

  /** Figures of this process as a monitoring system wants them. */
  metrics(): readonly MetricFamily[] {
    return [
      this.counters.snapshot(),
      {
        name: "tradepulse_log_dropped_lines_total",
        help: "Lines of the log that did not reach the disk.",
        type: "counter",
        samples: [{ labels: {}, value: this.log?.dropped ?? 0 }],
      },
    ];
  }

  /** What was counted, as the end of a session records it; `undefined` when nothing was. */
  get badInput(): Readonly<Record<string, number>> | undefined {
    const rows = this.counters.rows();
    return rows.length === 0 ? undefined : Object.fromEntries(rows.map(({ source, kind, count }) => [`${source} ${kind}`, count]));
  }

  /** Writes how the session ended and closes the log. Gives the error with secrets taken out: it will be printed. */
  async end(why: string, error: unknown): Promise<unknown> {
    const clean = cleanError(error, this.redactor);
    const about = clean instanceof Error ? clean.message : String(clean);
    if (clean === undefined) this.say("info", "ended", `the session ended: ${why}`, { why });
    else this.say("error", "ended", `the session ended: ${about}`, { why: "failed" });
    await this.close();
    return clean;
  }

  /** Tells what was held back, keeps the counts and ends the log. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.flush?.cancel();
    this.keeping?.cancel();
    this.tellHeld();
    for (const { source, kind, count } of this.counters.rows())
      this.say("info", "bad-input-total", `${source} ${kind}: ${count}`, { source, kind, count });
    await this.writeCounts();
    await this.log?.close();
  }

  private hold(kind: string, clean: string): undefined {
    if (this.lastAlarm.size < MOST_WAITING || this.lastAlarm.has(kind)) this.lastAlarm.set(kind, clean);
    this.flush ??= this.parts.env.timer(MINUTE_US, () => this.tellHeld());
    return undefined;
  }

  private tellAlarm(clean: string): void {
    this.say("error", "alarm", clean);
    this.parts.onNews?.({ kind: "alarm", text: clean });
  }

  private tellHeld(): void {
    this.flush = undefined;
    for (const [kind, count] of [...this.alarms.takeHeld(), ...this.allAlarms.takeHeld()])
      this.tellAlarm(`${count} more within a minute like this: ${this.lastAlarm.get(kind) ?? kind}`);
    this.lastAlarm = new Map();
  }

  private keepCounts(): void {
    this.keeping = undefined;
    void this.writeCounts();
  }

  /** For whoever looks at the session from outside. A disk that refuses it loses nothing that is not in memory and in the journal at the end. */
  private async writeCounts(): Promise<void> {
    if (this.folder === undefined || this.counters.total === 0) return;
    const { env } = this.parts;
    const file: CountersFile = { schema: 1, atUs: env.wallUs(), badInput: this.counters.rows() };
    await env.files
      .replace(`${this.folder}/${COUNTERS_FILE}`, new TextEncoder().encode(`${JSON.stringify(file)}\n`))
      .catch(() => undefined);
  }
}
