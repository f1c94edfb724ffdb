import { dataFindings } from "./data-findings.ts";
import type { Finding, FindingsInput, Severity } from "./finding.ts";
import { simulationFindings } from "./simulation-findings.ts";
import { tradeFindings } from "./trade-findings.ts";

const ORDER: Readonly<Record<Severity, number>> = { serious: 0, warning: 1, note: 2 };

/** What a careful reader would want to be told about a result, the serious first. Deterministic; empty when there is nothing. */
export function findingsOf(input: FindingsInput): readonly Finding[] {
  const all = [...tradeFindings(input), ...simulationFindings(input), ...dataFindings(input)];
  return all.sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}
