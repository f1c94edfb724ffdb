/** How a kind of fault comes: active for a while with a chance per occasion, or once at an instant. */
export type FaultForm = "window" | "moment";

export interface FaultKindRow {
  readonly name: string;
  readonly form: FaultForm;
  /** What it does in the simulated world. */
  readonly how: string;
  /** Invariants that it puts to the test. */
  readonly tests: string;
  /** True for what needs a person afterwards: a seed with it may end halted. */
  readonly endsHalted?: boolean;
}

const row = (name: string, form: FaultForm, how: string, tests: string, more: { readonly endsHalted?: boolean } = {}): FaultKindRow => ({
  name,
  form,
  how,
  tests,
  ...more,
});

/** The faults that the storm knows, by their number in the catalogue. */
export const FAULT_KINDS = {
  F01: row("answer lost", "window", "the venue acts, its answer never arrives", "I03 I04 I07"),
  F03: row("5xx though accepted", "window", "the venue acts, the answer is a server error", "I03 I07"),
  F04: row("late arrival", "window", "a request is held up to two minutes before it reaches the venue", "I04 I07"),
  F05: row("reads lag", "window", "order and trade reads show the venue as it was up to 8 s ago", "I07"),
  F06: row("look-ups fail", "window", "reads by client id find no server", "I07 I09"),
  F08: row("fill before the answer", "window", "answers to orders are slow, the private stream is fast", "I06 I08"),
  F10: row("answer unreadable", "window", "the venue acts, half of its answer arrives (on the wire only)", "I03 I07"),
  F11: row("expiry after a good answer", "window", "the venue ends a resting order by itself", "I06 I11"),
  F12: row("kill with the budget gone", "moment", "the request budget is used up, then the kill switch is pressed", "I17 I21", {
    endsHalted: true,
  }),
  F13: row("events twice", "window", "private events and bars are delivered again, once or several times, at any later moment", "I08 I10"),
  F14: row("status going back", "window", "an older state of an order is delivered after a newer one", "I06 I08"),
  F15: row("fill never delivered", "window", "private events are lost on a healthy connection", "I10 I12"),
  F16: row("connection cut", "window", "connections end, with a close frame, without one, or half open", "I10 I12"),
  F17: row("fill within a cancel", "window", "the market takes an order while its cancel is on the way", "I08 I11 F18"),
  F19: row("canceled and filled", "window", "the event of the cancel overtakes the fill before it", "I08"),
  F20: row("cancel believed", "window", "a cancel is answered as done and never done, or is lost", "I09 I11"),
  F22: row("trade taken back", "moment", "the venue voids a trade", "I01 I08", { endsHalted: true }),
  F23: row("fee in a third asset", "window", "fees change to BNB and back", "I01 I02"),
  F25: row("fill during reconciliation", "window", "private events are held back for up to a minute", "I08 I10"),
  F28: row("book gap", "window", "changes of a book are lost, late, doubled or old, snapshots are older than what came before", "I14"),
  F29: row("book spoiled", "window", "changes and snapshots of a book with figures that are none, or cut in the middle", "I14"),
  F30: row("book crossed", "window", "a bid at the best ask or above it; a snapshot with its sides changed", "I14 I15"),
  F31: row("data stands still", "window", "no bars, the connection stays up", "I15"),
  F32: row("figures that are none", "window", "bars with NaN, 0, negative and huge figures", "I15"),
  F33: row("flash crash", "moment", "the price falls by up to 60 % and comes back", "I15 I16"),
  F34: row("bars missing or late", "window", "bars are left out or come minutes late", "I15"),
  F35: row("bars in disorder", "window", "bars come again and out of order", "I14 I31"),
  F36: row("clock ahead", "window", "the wall clock is up to 10 min ahead", "I18 I22"),
  F37: row("clock behind", "window", "the wall clock is up to 10 min behind", "I18 I22"),
  F38: row("clock step", "moment", "the wall clock jumps by up to an hour either way", "I22 I27"),
  F40: row("429", "window", "the venue's request limit shrinks; any call in the time of silence becomes a ban", "I21"),
  F41: row("budget shared", "window", "others on the same address use up the request limit", "I21"),
  F42: row("maintenance", "window", "nothing can be reached; orders fill meanwhile", "I09 I12"),
  F43: row("private stream dies silently", "window", "no private events, the connection stays up", "I12"),
  F45: row("stall before the send", "window", "the process stands still between signing and sending", "I03 I18"),
  F46: row("filters change", "moment", "the venue's step and tick become coarser", "I19"),
  F47: row("dust", "window", "fills leave remainders below every minimum", "I01 I19"),
  F48: row("market closed", "window", "a symbol takes no orders, cancels go on", "I06 I16"),
  F49: row("too many orders", "window", "the venue takes only a few open orders", "I21 I16"),
  F50: row("name not found", "window", "requests fail before a byte has left", "I07 I12"),
  F52: row("balances lag", "window", "balance reads show what was up to 60 s ago", "I01 I02"),
  F53: row("kill -9", "moment", "the process ends at an instant and starts again within seconds", "I03 I04 I09"),
  F54: row("long absence", "moment", "the process ends and stays away for up to 20 min", "I09 I23"),
  F55: row("power cut", "moment", "unsynced sectors survive as any subset, the process starts again", "I03 I24"),
  F56: row("disk full", "window", "writes find no room", "I03 I24 I16"),
  F57: row("failed sync", "moment", "a sync fails once and its pages are gone", "I24"),
  F58: row("bit rot", "moment", "a bit turns in what was written, while the process is away", "I24 I26", { endsHalted: true }),
  F61: row("second trader", "moment", "another process of the same account starts", "I27"),
  F62: row("stall", "moment", "the event loop stands still for up to 60 s", "I15 I17 I18"),
  F63: row("out of memory", "moment", "the process is killed while it is busiest", "I03 I28"),
  F64: row("key revoked", "window", "the venue knows the key no more", "I03 I29"),
  F69: row("manual trade", "window", "a person trades on the same account", "I02 I10 I20"),
  F70: row("transfer", "moment", "money comes or goes", "I02"),
  F71: row("runaway strategy", "window", "the strategy wishes many orders on every bar", "I16 I21"),
  F74: row("kill in flight", "moment", "the kill switch is pressed while orders are on their way", "I17", { endsHalted: true }),
  F75: row("flatten in an empty book", "moment", "everything is to be sold and nobody buys", "I13 I16", { endsHalted: true }),
  F76: row("stop refused", "window", "the venue refuses every order with a trigger", "I13 I32"),
} as const satisfies Readonly<Record<string, FaultKindRow>>;

/** What is no fault of a process's own trading: for the storm over books only. */
const BOOK_ONLY = ["F28", "F29", "F30"] as const;
/** What may happen to a book. */
const BOOK_KINDS = ["F03", "F10", "F16", "F28", "F29", "F30", "F31", "F35", "F40", "F42", "F50", "F53", "F62"] as const;

export type FaultKind = keyof typeof FAULT_KINDS;

export const FAULT_KIND_NAMES = Object.keys(FAULT_KINDS) as readonly FaultKind[];

/** The kinds that can strike at an edge. */
export function kindsAt(edge: "port" | "wire" | "book"): readonly FaultKind[] {
  if (edge === "book") return BOOK_KINDS;
  const left: readonly string[] = edge === "port" ? [...BOOK_ONLY, "F10"] : BOOK_ONLY;
  return FAULT_KIND_NAMES.filter((kind) => !left.includes(kind));
}

export function isFaultKind(name: string): name is FaultKind {
  return name in FAULT_KINDS;
}

/** One fault of a plan: plain data, so that a plan can be cut down. */
export interface PlannedFault {
  readonly id: number;
  readonly kind: FaultKind;
  /** From the start of the run. */
  readonly atUs: number;
  /** End of a window; equal to `atUs` for a moment. */
  readonly untilUs: number;
  /** Above 0, up to 1: chance per occasion of a window, size of a moment. */
  readonly intensity: number;
}
