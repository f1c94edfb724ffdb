/** What a check of a dataset can report. A finding is printed and does not stop a load. */
export type FindingCode =
  | "close-only"
  | "columns-ignored"
  | "gaps"
  | "irregular"
  | "missing-cells"
  | "no-header"
  | "no-zone"
  | "ohlc-range"
  | "overlaps"
  | "price-outliers"
  | "price-snapped"
  | "stale-runs"
  | "synthetic"
  | "timezone-unused"
  | "volume-unknown"
  | "wick-outliers"
  | "zero-volume";

export interface Finding {
  readonly code: FindingCode;
  /** `note` says how the data was understood; `warning` says that something may be wrong with it. */
  readonly severity: "note" | "warning";
  /** The instrument it is about; absent when it is about the whole dataset. */
  readonly instrument?: string;
  /** Rows or places concerned; absent when counting means nothing. */
  readonly count?: number;
  /** One line, no full stop. */
  readonly text: string;
}

/** The printed form of a finding: `warning  gaps  SPY  3 gaps, 12 bars missing, ...`. */
export function formatFinding(finding: Finding): string {
  const about = finding.instrument === undefined ? "" : `${finding.instrument}: `;
  return `${finding.severity.padEnd(7)}  ${finding.code.padEnd(15)}  ${about}${finding.text}`;
}

/** Many instruments with the same finding are told in one line. */
const TOLD_ONE_BY_ONE = 3;

/** Findings in their order, those that more than three instruments share gathered into the first of them. */
export function gatherFindings(findings: readonly Finding[]): Finding[] {
  const byCode = Map.groupBy(findings, ({ code }) => code);
  return findings.flatMap((finding) => {
    const alike = byCode.get(finding.code)!.filter(({ instrument }) => instrument !== undefined);
    if (finding.instrument === undefined || alike.length <= TOLD_ONE_BY_ONE) return [finding];
    if (finding !== alike[0]) return [];
    const count = alike.reduce((sum, one) => sum + (one.count ?? 0), 0);
    const text = `${finding.text}; likewise ${alike.length - 1} other instruments`;
    return [{ ...finding, text, ...(count > 0 ? { count } : {}) }];
  });
}
