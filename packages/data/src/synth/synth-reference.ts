import { formatTimeUs, timeUsFromCivil } from "@tradepulse/core";
import { refuse, shown } from "../refuse.ts";
import { intervalName, readInterval } from "../time/interval.ts";
import { parseTimestamp } from "../time/parse-timestamp.ts";
import type { SynthSpec } from "./synthesize-bars.ts";

const MOST_BARS = 100_000_000;

const DEFAULTS: SynthSpec = {
  seed: 1,
  bars: 100_000,
  intervalUs: 60_000_000,
  startUs: timeUsFromCivil(2024, 1, 1),
  price: 100,
  decimals: 2,
  gaps: 0,
  volatility: 0.6,
  calendar: "24/7",
};

/** Whether a reference means synthetic data: `synth` or `synth:...`. */
export function isSynthReference(reference: string): boolean {
  return reference === "synth" || reference.startsWith("synth:");
}

/** Reads `synth:seed=1,bars=100000,interval=1m,start=2024-01-01,price=100,decimals=2,gaps=0.001,volatility=0.6,calendar=24/7`. */
export function parseSynthReference(reference: string): SynthSpec {
  const spec: { -readonly [K in keyof SynthSpec]: SynthSpec[K] } = { ...DEFAULTS };
  for (const part of reference
    .slice("synth:".length)
    .split(",")
    .filter((text) => text !== "")) {
    const at = part.indexOf("=");
    const key = part.slice(0, Math.max(at, 0));
    const value = part.slice(at + 1);
    const bad = (allowed: string): never =>
      refuse(
        "TP_DATA_SYNTH",
        `Cannot make synthetic data "${reference}": ${key === "" ? "part" : key} is ${shown(value)}, allowed ${allowed}`,
        [],
        "for example synth:seed=1,bars=100000,interval=1m",
      );
    const number = (least: number, most: number, whole: boolean): number => {
      const n = Number(value);
      if (value === "" || !(n >= least && n <= most) || (whole && !Number.isInteger(n)))
        bad(`is a ${whole ? "whole " : ""}number from ${least} to ${most}`);
      return n;
    };
    switch (key) {
      case "seed":
        spec.seed = number(0, Number.MAX_SAFE_INTEGER, true);
        break;
      case "bars":
        spec.bars = number(2, MOST_BARS, true);
        break;
      case "interval": {
        const intervalUs = readInterval(value);
        spec.intervalUs = intervalUs === undefined || value === "1mo" ? bad("are intervals such as 1s, 1m, 1h, 1d") : intervalUs;
        break;
      }
      case "start":
        spec.startUs = parseTimestamp(value, { kind: "iso" })?.timeUs ?? bad("are dates such as 2024-01-01");
        break;
      case "price":
        spec.price = number(1e-6, 1e9, false);
        break;
      case "decimals":
        spec.decimals = number(0, 8, true);
        break;
      case "gaps":
        spec.gaps = number(0, 0.5, false);
        break;
      case "volatility":
        spec.volatility = number(0.001, 10, false);
        break;
      case "calendar":
        spec.calendar = value === "24/7" || value === "weekdays" ? value : bad("are 24/7 and weekdays");
        break;
      default:
        bad("are seed, bars, interval, start, price, decimals, gaps, volatility, calendar");
    }
  }
  return spec;
}

/** The one way to write a description with all its values; its digest names the data. */
export function formatSynthSpec(spec: SynthSpec): string {
  return `synth:seed=${spec.seed},bars=${spec.bars},interval=${intervalName(spec.intervalUs)},start=${formatTimeUs(spec.startUs)},price=${spec.price},decimals=${spec.decimals},gaps=${spec.gaps},volatility=${spec.volatility},calendar=${spec.calendar}`;
}
