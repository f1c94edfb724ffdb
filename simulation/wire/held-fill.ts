import type { SimClock, Timer } from "@tradepulse/platform";
import type { Weather } from "../world/weather.ts";

const GIVE_UP_US = 5_000_000;

interface Report {
  readonly e?: string;
  /** Client id; of a cancel's report the id of the cancel, and the order's in `C`. */
  readonly c?: string;
  readonly C?: string;
  readonly x?: string;
  /** Of the last fill, and of all. */
  readonly l?: string;
  readonly z?: string;
}

/** F19: the end of an order overtakes its last fill on the private stream, and does not count it, as some venues do. */
export class HeldFill {
  private readonly clock: SimClock;
  private readonly weather: Weather;
  private readonly deliver: (text: string) => void;
  private held: { readonly text: string; readonly clientId: string; readonly lots: number; readonly timer: Timer } | undefined;

  constructor(clock: SimClock, weather: Weather, deliver: (text: string) => void) {
    this.clock = clock;
    this.weather = weather;
    this.deliver = deliver;
  }

  take(text: string): void {
    const report = reportOf(text);
    const { held } = this;
    if (held !== undefined) {
      const isEnd = report !== undefined && (report.x === "CANCELED" || report.x === "EXPIRED") && ordered(report) === held.clientId;
      if (isEnd) this.deliver(text.replace(/"z":"([0-9.]+)"/, (_, all: string) => `"z":"${(Number(all) - held.lots).toFixed(8)}"`));
      else if (report?.x !== undefined) this.release();
      if (isEnd) {
        this.release();
        return;
      }
    }
    if (report?.x === "TRADE" && this.held === undefined && this.weather.hits("F19", ordered(report))) {
      const timer = this.clock.after(GIVE_UP_US, () => this.release());
      this.held = { text, clientId: ordered(report), lots: Number(report.l ?? 0), timer };
      return;
    }
    this.deliver(text);
  }

  private release(): void {
    const { held } = this;
    if (held === undefined) return;
    held.timer.cancel();
    this.held = undefined;
    this.deliver(held.text);
  }
}

function reportOf(text: string): Report | undefined {
  if (!text.includes('"executionReport"')) return undefined;
  try {
    const message = JSON.parse(text) as { readonly event?: Report } & Report;
    return message.event ?? message;
  } catch {
    return undefined;
  }
}

function ordered(report: Report): string {
  return report.C === undefined || report.C === "" ? (report.c ?? "") : report.C;
}
