import type { ConfigSection } from "./config-entry.ts";

/** When snapshots of a live session are taken and started from. */
export interface SnapshotConfig {
  /** `auto`: where the strategy declares that it can be restarted. */
  readonly when: "auto" | "always" | "never";
  readonly everyRecords: number;
  readonly everyUs: number;
  readonly keep: number;
}

export const snapshotsSection: ConfigSection = {
  name: "snapshots",
  isList: false,
  about: "Snapshots of a live session, so that a start reads the journal from the last one on and not from its first record.",
  entries: [
    {
      key: "when",
      kind: "choice",
      choices: ["auto", "always", "never"],
      fallback: "auto",
      about:
        'auto: for a strategy that declares remembers: "indicators", or gives save and restore. always: for any; one that remembers more decides otherwise after a restart.',
    },
    {
      key: "records",
      kind: "whole",
      fallback: 100_000,
      min: 100,
      max: 100_000_000,
      about: "Records of the journal after which the next one is taken.",
    },
    {
      key: "interval",
      kind: "seconds",
      fallback: 3_600,
      min: 1,
      max: 7 * 86_400,
      about: "Time after which the next one is taken, when anything was recorded.",
    },
    {
      key: "keep",
      kind: "whole",
      fallback: 2,
      min: 1,
      max: 100,
      about:
        "Snapshots that are kept. Segments of the journal before the oldest move to journal/archive; nothing of the journal is deleted.",
    },
  ],
};

/** The section as a process takes it. */
export function snapshotConfigOf(values: Readonly<Record<string, unknown>>): SnapshotConfig {
  return {
    when: values["when"] as SnapshotConfig["when"],
    everyRecords: values["records"] as number,
    everyUs: values["interval"] as number,
    keep: values["keep"] as number,
  };
}
