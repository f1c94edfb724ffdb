import { expect } from "vitest";
import { LiveTown, loaderOf, resting, SENTINEL_SECTION, TOWN_ACCOUNT, TOWN_CONFIG } from "../testing/live-town.ts";
import { readEvidenceFolder } from "./evidence-log.ts";
import { HEARTBEAT_NAME } from "./heartbeat.ts";

/** The sign of life of the trader that is watched. */
export const BEAT = `${TOWN_ACCOUNT}/resting/${HEARTBEAT_NAME}`;
/** The configuration of the town, with a sentinel. */
export const WATCHED = TOWN_CONFIG + SENTINEL_SECTION;
export const load = loaderOf(resting);

/** A trader with orders at work, and a sentinel that watches it. */
export async function watchedTown(config = WATCHED): Promise<LiveTown> {
  const town = new LiveTown();
  await town.guard(config);
  await town.start({ loadStrategy: load }, config);
  await town.arm();
  await town.run(3.2);
  expect(town.working.length).toBeGreaterThan(1);
  expect(town.sentinelAlarms).toEqual([]);
  return town;
}

/** What the latch says: state, who, why. */
export async function reasonOf(town: LiveTown): Promise<readonly [string, string, string]> {
  return await town.latch(({ current }) => [current.state, current.by, current.reason] as const);
}

/** What the sentinel wrote down, by kind, oldest first. */
export async function kindsOf(town: LiveTown): Promise<string[]> {
  const records = await readEvidenceFolder(town.man("reader").env, `${TOWN_ACCOUNT}/sentinel`);
  return records.map(({ kind }) => kind);
}
