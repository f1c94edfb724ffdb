import { US_PER_DAY, US_PER_HOUR, US_PER_MINUTE } from "../model/time.ts";
import { counted, type Finding, type FindingsInput } from "./finding.ts";

/** What the data say about how far the result can be trusted. */
export function dataFindings({ counts }: FindingsInput): readonly Finding[] {
  if (counts === undefined) return [];
  return [...gaps(counts.gaps), ...staleMarks(counts.staleMarks ?? 0), ...unknownVolume(counts.volumeKnown)];
}

function gaps(gap: { readonly count: number; readonly longestUs: number } | undefined): readonly Finding[] {
  if (gap === undefined || gap.count === 0) return [];
  return [
    {
      id: "data-gap",
      severity: "warning",
      title: "Gaps in the data",
      text: `The data have ${counted(gap.count, "gap")}, the longest of ${duration(gap.longestUs)}: nothing could fill or be decided there.`,
      numbers: { count: gap.count, longestUs: gap.longestUs },
    },
  ];
}

function staleMarks(count: number): readonly Finding[] {
  if (count === 0) return [];
  return [
    {
      id: "stale-prices",
      severity: "warning",
      title: "Stale prices",
      text: `${counted(count, "valuation")} used a price from an earlier bar, because the current bar was missing: equity and drawdown look calmer than they were.`,
      numbers: { count },
    },
  ];
}

function unknownVolume(known: boolean | undefined): readonly Finding[] {
  if (known !== false) return [];
  return [
    {
      id: "unknown-volume",
      severity: "note",
      title: "Volume unknown",
      text: "The data have no volume: no fill was limited by it, and none could be judged against it.",
      numbers: {},
    },
  ];
}

function duration(us: number): string {
  if (us >= US_PER_DAY) return counted(Number((us / US_PER_DAY).toFixed(1)), "day");
  if (us >= US_PER_HOUR) return counted(Number((us / US_PER_HOUR).toFixed(1)), "hour");
  return counted(Number((us / US_PER_MINUTE).toFixed(1)), "minute");
}
