import { expect, test } from "vitest";
import type { IndicatorDefinition, Kernel } from "../indicators/indicator.ts";
import { sma } from "../indicators/sma.ts";
import { indicatorContract } from "./indicator-contract.ts";

const PERIOD = 5;

/** A moving average of five rows from a kernel of the test's own making. */
function average(createKernel: IndicatorDefinition["createKernel"], warmup = PERIOD): IndicatorDefinition {
  return { name: "average", inputs: ["close"], outputs: ["value"], warmup, lookback: PERIOD - 1, createKernel };
}

/** The first words of every law that the definition breaks. */
function broken(definition: IndicatorDefinition): string[] {
  return indicatorContract("it", () => definition, { degree: 1, onConstant: (level) => [level] })
    .filter(({ check }) => {
      try {
        check();
        return false;
      } catch {
        return true;
      }
    })
    .map(({ name }) => name.split(" ").slice(1, 4).join(" "));
}

const sound = sma(PERIOD);

test("indicatorContract() finds nothing in a sound indicator", () => {
  expect(broken(sound)).toEqual([]);
});

test("indicatorContract() finds a warm-up that is declared a row too long", () => {
  expect(broken(average((inputs, outputs) => sound.createKernel(inputs, outputs), PERIOD + 1))).toContain("gives its first");
});

test("indicatorContract() finds a kernel that reads the next row", () => {
  const peeking = average(([x], [y]) => {
    const early = sound.createKernel([x!], [y!]);
    return {
      ...early,
      advance(from, to) {
        early.advance(from, to);
        for (let row = from; row < to; row++) if (row + 1 < x!.length) y![row] = y![row]! + x![row + 1]! - x![row + 1]!;
      },
    };
  });
  expect(broken(peeking)).toContain("reads no row");
});

test("indicatorContract() finds a sum that is based anew at every call", () => {
  const perCall = average(([x], [y]) => ({
    ...sound.createKernel([x!], [y!]),
    advance(from, to) {
      let sum = 0;
      for (let row = from - PERIOD; row < from; row++) sum += (x![row] ?? 0) / 3;
      for (let row = from; row < to; row++) {
        sum += x![row]! / 3 - (x![row - PERIOD] ?? 0) / 3;
        y![row] = row < PERIOD - 1 ? Number.NaN : (sum * 3) / PERIOD;
      }
    },
  }));
  expect(broken(perCall)).toEqual(expect.arrayContaining(["gives the same", "answers a constant", "starts over after"]));
});

test("indicatorContract() finds state that two kernels share", () => {
  const memory = new Float64Array(1);
  const shared = average(([x], [y]) => {
    const kernel = sound.createKernel([x!], [y!]);
    return {
      ...kernel,
      advance(from, to) {
        kernel.advance(from, to);
        memory[0] = memory[0] === 0 ? x![from]! : memory[0]!;
        if (from > 0 && memory[0] !== x![0]) y![from] = 0;
      },
    };
  });
  expect(broken(shared)).toContain("shares no state");
});

test("indicatorContract() finds a snapshot that forgets and a rebase that is ignored", () => {
  const forgetful = average(([x], [y]) => {
    const kernel = sound.createKernel([x!], [y!]);
    return { ...kernel, restore() {} };
  });
  expect(broken(forgetful)).toEqual(expect.arrayContaining(["shows a replaced", "continues from a"]));

  const stubborn = average(([x], [y]): Kernel => {
    const kernel = sound.createKernel([x!], [y!]);
    let expected = 0;
    return {
      ...kernel,
      advance(from, to) {
        kernel.advance(from, to);
        if (from !== expected) y!.fill(0, from, to);
        expected = to;
      },
    };
  });
  expect(broken(stubborn)).toContain("keeps its values");
});

test("indicatorContract() finds a gap that poisons everything after it", () => {
  const poisoned = average(([x], [y]) => {
    const kernel = sound.createKernel([x!], [y!]);
    let spoilt = false;
    return {
      ...kernel,
      advance(from, to) {
        kernel.advance(from, to);
        for (let row = from; row < to; row++) {
          spoilt ||= Number.isNaN(x![row]);
          if (spoilt) y![row] = Number.NaN;
        }
      },
    };
  });
  expect(broken(poisoned)).toContain("starts over after");
});

test("indicatorContract() finds a value that is taken for zero below a fixed size", () => {
  const coarse = average(([x], [y]) => {
    const kernel = sound.createKernel([x!], [y!]);
    return {
      ...kernel,
      advance(from, to) {
        kernel.advance(from, to);
        for (let row = from; row < to; row++) if (y![row]! < 1e-14) y![row] = 0;
      },
    };
  });
  expect(broken(coarse)).toEqual(["scales with its"]);
});
