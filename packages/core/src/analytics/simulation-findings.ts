import { counted, type Finding, type FindingsInput, percent, type Severity } from "./finding.ts";

const SOME = 0.05;
const MANY = 0.25;
const DEFAULT_PARTICIPATION = 0.1;

/** What the way of simulating says about how far the result can be trusted. */
export function simulationFindings(input: FindingsInput): readonly Finding[] {
  return [
    ...ambiguousFills(input),
    ...participation(input),
    ...outsideTheBar(input),
    ...shrunkOrders(input),
    ...liquidations(input),
    ...closedAtTheEnd(input),
    ...delay(input),
  ];
}

function ambiguousFills({ counts, fills }: FindingsInput): readonly Finding[] {
  const count = counts?.ambiguousFills ?? 0;
  if (count === 0) return [];
  const share = count / Math.max(1, fills.length);
  return [
    {
      id: "ambiguous-fills",
      severity: bySize(share),
      title: "Ambiguous fills inside bars",
      text: `${counted(count, "fill")} of ${fills.length} (${percent(share)}) could have come in another order or at another price inside the bar; a finer series or the other path models show how much hangs on it.`,
      numbers: { count, fills: fills.length, share },
    },
  ];
}

function participation({ counts, fills }: FindingsInput): readonly Finding[] {
  const count = counts?.fillsOverParticipation ?? 0;
  if (count === 0) return [];
  const limit = counts?.participationLimit ?? DEFAULT_PARTICIPATION;
  const share = count / Math.max(1, fills.length);
  return [
    {
      id: "participation",
      severity: share > MANY ? "serious" : "warning",
      title: "Fills large against the volume",
      text: `${counted(count, "fill")} took more than ${percent(limit)} of the volume of the bar: a market would have answered with a worse price.`,
      numbers: { count, limit, share },
    },
  ];
}

function outsideTheBar({ counts }: FindingsInput): readonly Finding[] {
  const count = counts?.fillsOutsideBar ?? 0;
  if (count === 0) return [];
  return [
    {
      id: "fills-outside-the-bar",
      severity: "note",
      title: "Fills outside the range of the bar",
      text: `${counted(count, "fill has a price", "fills have prices")} beyond the high or low of the bar, because spread and slippage were added to it.`,
      numbers: { count },
    },
  ];
}

function shrunkOrders({ counts }: FindingsInput): readonly Finding[] {
  const count = counts?.shrunkOrders ?? 0;
  if (count === 0) return [];
  const share = counts?.orders === undefined ? undefined : count / Math.max(1, counts.orders);
  return [
    {
      id: "shrunk-orders",
      severity: share !== undefined && share > SOME ? "warning" : "note",
      title: "Orders shrunk to the cash",
      text: `${counted(count, "order was", "orders were")} filled smaller than asked because the cash did not cover the size; a venue would have rejected what it cannot cover.`,
      numbers: { count, ...(share === undefined ? {} : { share }) },
    },
  ];
}

function liquidations({ fills }: FindingsInput): readonly Finding[] {
  const count = fills.filter((fill) => fill.cause === "liquidation").length;
  if (count === 0) return [];
  return [
    {
      id: "liquidation",
      severity: "serious",
      title: "Liquidation",
      text: `${counted(count, "fill")} closed a position by force because the margin did not carry it any more.`,
      numbers: { count },
    },
  ];
}

function closedAtTheEnd({ fills }: FindingsInput): readonly Finding[] {
  const count = fills.filter((fill) => fill.cause === "end-of-data").length;
  if (count === 0) return [];
  return [
    {
      id: "end-of-data",
      severity: "note",
      title: "Closed because the data ended",
      text: `${counted(count, "fill")} closed a position only because the data ended, not because the strategy wanted it.`,
      numbers: { count },
    },
  ];
}

/** Whether the result survives when every order comes one bar later. */
function delay({ summary, delayedTotalReturn }: FindingsInput): readonly Finding[] {
  const total = summary.figures.totalReturn.value;
  if (delayedTotalReturn === undefined || total === null || total === 0) return [];
  const lost = (total - delayedTotalReturn) / Math.abs(total);
  if (Math.abs(lost) <= MANY) return [];
  const flips = Math.sign(delayedTotalReturn) !== Math.sign(total);
  return [
    {
      id: "delay-sensitive",
      severity: flips ? "serious" : Math.abs(lost) > 0.5 ? "warning" : "note",
      title: "Sensitive to one bar of delay",
      text: `With every order one bar later the total return is ${percent(delayedTotalReturn)} instead of ${percent(total)}: much of the result hangs on that one bar.`,
      numbers: { totalReturn: total, delayedTotalReturn, change: -lost },
    },
  ];
}

function bySize(share: number): Severity {
  if (share > MANY) return "serious";
  return share > SOME ? "warning" : "note";
}
