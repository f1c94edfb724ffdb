import { FailureError } from "@tradepulse/core";
import { expect, test } from "vitest";
import { resolveOptions } from "../options/resolve-options.ts";
import { openData } from "../run/open-data.ts";
import { loadStrategy } from "../strategy-file/load-strategy.ts";
import { EMA_CROSS, PAIR, WEEKLY, waveCsv } from "../testing/sample-strategies.ts";
import { tempFolder } from "../testing/temp-folder.ts";
import type { CheckReport } from "./check-report.ts";
import { checkStrategy } from "./check-strategy.ts";

async function check(files: Readonly<Record<string, string>> | string, reference = "wave.csv", flags = {}): Promise<CheckReport> {
  const folder = tempFolder({ "wave.csv": waveCsv(400), ...(typeof files === "string" ? { "strategy.ts": files } : files) });
  const strategy = await loadStrategy(`${folder}/strategy.ts`);
  const data = await openData({ reference: reference.endsWith(".csv") ? `${folder}/${reference}` : reference, options: {} });
  return checkStrategy({ strategy, data, options: resolveOptions({ flags }) });
}

/** A strategy that reacts to each bar as `body` says, with `top` before it. */
function withBody(body: string, top = "", tools = ""): string {
  return `import { buy, close, defineStrategy, ema } from "@tradepulse/core";
${top}
export default defineStrategy({
  name: "planted",
  create(_, { main, indicator }) {
    ${tools}
    return {
      onBar(bar, { position, nowUs }) {
        ${body}
      },
    };
  },
});
`;
}

const TREND = `if (position.isFlat && bar.close > bar.open) return buy({ fraction: 0.5 });
        if (position.isLong && bar.close < bar.open) return close();`;

function states({ parts }: CheckReport): Record<string, string> {
  return Object.fromEntries(parts.map(({ check: name, state }) => [name, state]));
}

function places({ findings }: CheckReport): string[] {
  return findings.map(
    ({ severity, id, position }) => `${severity} ${id}${position === undefined ? "" : ` ${position.line}:${position.column}`}`,
  );
}

test("checkStrategy() finds nothing serious in an honest strategy, on days, weeks and synthetic minutes", async () => {
  const days = await check(EMA_CROSS, "sp500");
  expect(days.ok).toBe(true);
  expect(states(days)).toMatchObject({ imports: "ok", repeat: "ok", truncation: "ok", shuffle: "ok" });
  expect(days.runs).toBeGreaterThan(130);
  const weeks = await check(WEEKLY);
  expect(weeks.findings).toEqual([]);
  expect(states(weeks)["warm-up"]).toBe("skipped");
  const minutes = await check(withBody(TREND), "synth:seed=3,bars=20000,interval=1m");
  expect(minutes.findings).toEqual([]);
});

test("checkStrategy() finds an indicator that peeks at the next bar", async () => {
  const report = await check(
    withBody(
      "if (position.isFlat && next.value > bar.close * 1.001) return buy({ fraction: 0.5 });\n        if (position.isLong && next.value < bar.close) return close();",
      `const peek = { name: "peek", inputs: ["close"], outputs: ["value"], warmup: 1, createKernel: ([source], [out]) => ({
  advance(from, to) { for (let i = from; i < to; i += 1) out[i] = source[i + 1] ?? source[i]; }, rebase() {} }) };`,
      "const next = indicator(peek);",
    ),
  );
  expect(report.ok).toBe(false);
  expect(states(report)).toMatchObject({ repeat: "ok", truncation: "found", shuffle: "found" });
  expect(report.findings.map(({ id }) => id)).toEqual(["lookahead", "lookahead"]);
  expect(report.findings[0]!.timeUs).toBeGreaterThan(Date.UTC(2020, 0, 1) * 1_000);
});

test("checkStrategy() finds an indicator scaled by the whole of the data", async () => {
  const report = await check(
    withBody(
      "if (position.isFlat && rank.value < 0.2) return buy({ fraction: 0.5 });\n        if (position.isLong && rank.value > 0.8) return close();",
      `const scaled = { name: "scaled", inputs: ["close"], outputs: ["value"], warmup: 1, createKernel: ([source], [out]) => ({
  advance(from, to) { const low = source.reduce((a, b) => Math.min(a, b)), high = source.reduce((a, b) => Math.max(a, b));
    for (let i = from; i < to; i += 1) out[i] = (source[i] - low) / (high - low); }, rebase() {} }) };`,
      "const rank = indicator(scaled);",
    ),
  );
  expect(states(report)["truncation"]).toBe("found");
});

test("checkStrategy() finds a strategy that remembers the future from an earlier run", async () => {
  const report = await check(
    withBody(
      `const future = seen.get(bar.index + 1);
        seen.set(bar.index, bar.close);
        if (future !== undefined) return future > bar.close ? buy({ fraction: 0.5 }) : close();
        ${TREND}`,
      "const seen = new Map<number, number>();",
    ),
  );
  expect(report.ok).toBe(false);
  expect(states(report)).toMatchObject({ repeat: "found", truncation: "skipped" });
  expect(report.findings.map(({ id }) => id)).toEqual(["module-state"]);
});

test("checkStrategy() names the line of a variable outside of create that functions write", async () => {
  const report = await check(
    withBody(`count += 1;\n        if (count % 7 === 0) return position.isFlat ? buy({ fraction: 0.5 }) : close();`, "let count = 0;"),
  );
  expect(places(report)).toEqual(["serious module-state", "warning module-variable 9:9"]);
});

test("checkStrategy() names what reaches for the world, with file, line and column", async () => {
  const report = await check({
    "strategy.ts": withBody(
      `const now: number = Date.now();
        if (Math.random() > 2 || now < 0) return buy({ fraction: 0.5 });
        const day = new Date(nowUs / 1000).getUTCDay() + Date.UTC(2020, 1, 1) * 0;
        void day;
        void process.env["X"];`,
      `import { readFileSync } from "node:fs";\nimport type { Stats } from "node:fs";\nimport { later } from "./later.ts";\nvoid readFileSync; void later; type S = Stats;`,
    ),
    "later.ts": `export const later = () => {
  setTimeout(() => fetch("http://localhost"), 1);
  const { random } = Math;
  return random();
};
export function fine(Date: number, fetch: () => void) { let process = 1; process += Date; fetch(); return { setTimeout: process, Date }; }
`,
  });
  expect(report.ok).toBe(false);
  expect(
    report.findings.map(
      ({ severity, id, position }) => `${severity} ${id} ${position?.path.split("/").at(-1)}:${position?.line}:${position?.column}`,
    ),
  ).toMatchInlineSnapshot(`
    [
      "serious file-system strategy.ts:2:1",
      "serious clock strategy.ts:12:29",
      "serious random strategy.ts:13:13",
      "serious process strategy.ts:16:14",
      "serious timer later.ts:2:3",
      "serious network later.ts:2:20",
      "serious random later.ts:3:22",
      "warning local-time strategy.ts:14:21",
    ]
  `);
});

test("checkStrategy() finds a read ahead at its line", async () => {
  const report = await check(withBody("if (main.close.ago(-1) > bar.close) return buy({ fraction: 0.5 });"));
  expect(places(report)).toEqual(["serious reads-ahead 9:24"]);
});

test("checkStrategy() tells how much history an average needs that never forgets", async () => {
  const report = await check(EMA_CROSS, "sp500");
  const finding = report.findings.find(({ id }) => id === "warm-up");
  expect(report.parts.find(({ check: name }) => name === "warm-up")!.text).toMatch(/^\d runs with 26, 52, 104/);
  expect(finding?.severity).not.toBe("serious");
});

test("checkStrategy() checks a pair whose inputs close together", async () => {
  const wide = [
    "date,AAA,BBB",
    ...waveCsv(200)
      .split("\n")
      .slice(1)
      .map((row) => `${row.split(",")[0]},${row.split(",")[4]},50.00`),
  ].join("\n");
  const folder = tempFolder({ "strategy.ts": PAIR, "wide.csv": wide });
  const data = await openData({ reference: `${folder}/wide.csv`, options: { calendar: "24/7" } });
  const report = await checkStrategy({ strategy: await loadStrategy(`${folder}/strategy.ts`), data, options: resolveOptions() });
  expect(states(report)).toMatchObject({ repeat: "ok", truncation: "ok", shuffle: "ok" });
});

const COUNTING = (more: string, extra = "") => `
import { buy, close, defineStrategy } from "@tradepulse/core";
export default defineStrategy({
  name: "counting",${more}
  create: () => {
    let bars = 0;
    return {
      onBar(_bar, { position }) {
        bars += 1;
        if (bars % 7 === 0) return position.isFlat ? buy({ quantity: 1 }) : close();
      },${extra}
    };
  },
});
`;

test("checkStrategy() says whether a live session may start from a snapshot: what is lost with a closure, what is saved, what is declared", async () => {
  const restartOf = async (code: string) => {
    const report = await check(code);
    const part = report.parts.find(({ check: name }) => name === "restart")!;
    return { report, part, finding: report.findings.find(({ check: name }) => name === "restart") };
  };
  const silent = await restartOf(COUNTING(""));
  expect(silent.part.state).toBe("found");
  expect(silent.finding).toMatchObject({ id: "restart", severity: "note", title: "Remembers more than its indicators" });
  expect(silent.finding!.text).toContain("Return save and restore from create");
  expect(silent.report.ok).toBe(true);
  const saving = "\n      save: () => bars,\n      restore(saved) { bars = Number(saved); },";
  const kept = await restartOf(COUNTING("", saving));
  expect(kept.part).toMatchObject({ state: "ok" });
  expect(kept.part.text).toMatch(/^\d+ restarts within \d+ instants$/);
  const lying = await restartOf(COUNTING('\n  remembers: "indicators",'));
  expect(lying.finding).toMatchObject({ severity: "serious", title: "Decides otherwise after a restart" });
  expect(lying.report.ok).toBe(false);
  const forgetful = await restartOf(COUNTING("", saving.replace("Number(saved)", "0")));
  expect(forgetful.finding).toMatchObject({ severity: "serious" });
  const odd = await restartOf(COUNTING("", saving.replace("() => bars", "() => new Map() as never")));
  expect(odd.finding).toMatchObject({ id: "memory", severity: "note" });
  expect(odd.finding!.text).toContain("value is a Map");
});

test("checkStrategy() throws what a run throws", async () => {
  const broken = check(withBody(`throw new TypeError("broken");`));
  await expect(broken).rejects.toBeInstanceOf(FailureError);
  await expect(broken).rejects.toThrow("TP_STRATEGY_THREW");
});
