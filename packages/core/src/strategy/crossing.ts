import { cursorOf, type Line } from "./line.ts";

/**
 * True on the row where `line` has come above `other`, a line or a level: above now, at or below it one row ago.
 * False while either lacks one of the two values. Two lines must stand on the same input: "one row ago" is counted in each.
 */
export function crossedAbove(line: Line, other: Line | number): boolean {
  return line.value > currentOf(other) && previousOf(line) <= previousOf(other);
}

/** True on the row where `line` has come below `other`. The mirror of {@link crossedAbove}. */
export function crossedBelow(line: Line, other: Line | number): boolean {
  return line.value < currentOf(other) && previousOf(line) >= previousOf(other);
}

function currentOf(of: Line | number): number {
  return typeof of === "number" ? of : of.value;
}

/** The value one row ago; NaN, which compares as false, on the first row. */
function previousOf(of: Line | number): number {
  if (typeof of === "number") return of;
  return cursorOf(of).index < 1 ? Number.NaN : of.ago(1);
}
