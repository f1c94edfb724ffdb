import type { Violation } from "../oracle/violation.ts";
import type { ChronicleLine } from "../world/chronicle.ts";
import type { Edge } from "./play-seed.ts";
import type { Shrunk } from "./shrink.ts";
import { START_US } from "./storm.ts";

const MOST_LINES = 20;
const PLAYED_BY = {
  port: ["runStorm", "./port-edge.ts"],
  wire: ["runWireStorm", "../wire/wire-edge.ts"],
  book: ["runBookStorm", "../wire/book-storm.ts"],
} as const;

/** The lines that a violation is about, the last of them at the violation itself: its order or its symbol, faults, starts and ends. */
export function timelineOf(lines: readonly ChronicleLine[], violation: Violation): string[] {
  const end = lines.findIndex((line) => line.who === "oracle" && line.text.startsWith(violation.invariant));
  const before = end < 0 ? lines : lines.slice(0, end + 1);
  const { about } = violation;
  const isAbout = ({ who, text }: ChronicleLine): boolean =>
    who === "oracle" ||
    who === "person" ||
    (who === "fault" && (about === "" || text.includes(about) || !/tp-|bar$/.test(text))) ||
    /started in epoch|does not start|\bends\b/.test(text) ||
    (about !== "" && text.includes(about)) ||
    (about === "" && who !== "fault" && !text.startsWith("ALARM balance"));
  const kept = before.filter(isAbout);
  return kept
    .slice(-MOST_LINES)
    .map(({ atUs, who, text }) => `${clockText(atUs)}  ${who.padEnd(7)} ${text.split("\n", 1)[0]!.slice(0, 160)}`);
}

/** A test that keeps a shrunk violation from coming back, ready to be put into a file of `simulation/storm`. */
export function testOf({ scenario, violation }: Pick<Shrunk, "scenario" | "violation">, edge: Edge): string {
  const data = JSON.stringify(scenario, undefined, 2);
  const [run, file] = PLAYED_BY[edge];
  return `import { expect, test } from "vitest";
import { ${run} } from "${file}";

test(${JSON.stringify(`seed ${scenario.seed}: ${violation.text}`)}, async () => {
  const { violations } = await ${run}(${data.split("\n").join("\n  ")});
  expect(violations).toEqual([]);
});
`;
}

function clockText(atUs: number): string {
  const seconds = (atUs - START_US) / 1e6;
  const minutes = Math.floor(seconds / 60);
  return `${String(minutes).padStart(3)}:${(seconds - 60 * minutes).toFixed(3).padStart(6, "0")}`;
}
