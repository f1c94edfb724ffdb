import fc from "fast-check";
import { expect, test } from "vitest";
import { DepthSide, type Level } from "./depth-side.ts";
import { SideChanges } from "./side-changes.ts";

/** A side as plainly as it can be kept. */
class PlainSide {
  readonly levels = new Map<number, Level>();
  private readonly isBid: boolean;

  constructor(isBid: boolean) {
    this.isBid = isBid;
  }

  set(level: Level): void {
    if (Number(level[1]) === 0) this.levels.delete(Number(level[0]));
    else this.levels.set(Number(level[0]), level);
  }

  top(): readonly Level[] {
    return [...this.levels].sort(([a], [b]) => (this.isBid ? b - a : a - b)).map(([, level]) => level);
  }
}

/** Levels near each other, so that places are emptied, filled again and run out. */
function levelsOf(seeds: readonly number[], spread: number): readonly Level[] {
  return seeds.map((seed) => [((100_000 + (seed % spread)) / 100).toFixed(8), seed % 7 < 3 ? "0.00000000" : (seed % 997).toFixed(8)]);
}

function columnsOf(levels: readonly Level[]): SideChanges {
  const changes = new SideChanges();
  for (const [price, size] of levels) {
    if (changes.count === changes.capacity) changes.grow();
    changes.prices[changes.count] = Math.round(Number(price) * 1e8);
    changes.priceDecimals[changes.count] = 8;
    changes.sizes[changes.count] = Math.round(Number(size) * 1e8);
    changes.sizeDecimals[changes.count] = 8;
    changes.count += 1;
  }
  return changes;
}

test("DepthSide keeps what a plain map of levels keeps, from texts and from columns, in any order", () => {
  const seed = fc.nat({ max: 1_000_000 });
  const batches = fc.array(fc.tuple(fc.boolean(), fc.constantFrom(20, 500), fc.array(seed, { maxLength: 60 })), { maxLength: 30 });
  fc.assert(
    fc.property(fc.boolean(), batches, (isBid, all) => {
      const [side, plain] = [new DepthSide(isBid), new PlainSide(isBid)];
      for (const [asText, spread, seeds] of all) {
        const levels = levelsOf(seeds, spread);
        if (asText) for (const level of levels) side.set(level);
        else side.apply(columnsOf(levels));
        for (const level of levels) plain.set(level);
        const top = plain.top();
        expect(side.count).toBe(top.length);
        expect(side.top()).toEqual(top);
        expect(side.bestKey).toBe(top.length === 0 ? -1 : Math.round(Number(top[0]![0]) * 1e8));
        expect(side.level(3)).toEqual(top[3]);
      }
    }),
    { numRuns: 300 },
  );
});

test("DepthSide keeps thousands of levels through as many changes, its empty places taken out when they are too many", () => {
  for (const spread of [1_500, 6_000]) {
    const [side, plain] = [new DepthSide(false), new PlainSide(false)];
    let state = 1;
    const next = (): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return state >>> 4;
    };
    for (let round = 0; round < 400; round += 1) {
      const seeds = Array.from({ length: 50 }, next);
      const levels = levelsOf(seeds, spread);
      if (round % 5 === 0) for (const level of levels) side.set(level);
      else side.apply(columnsOf(levels));
      for (const level of levels) plain.set(level);
      if (round % 40 === 39) expect(side.top()).toEqual(plain.top());
    }
    expect(side.top(5)).toEqual(plain.top().slice(0, 5));
  }
});
