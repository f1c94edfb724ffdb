import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "packages/**/*.test.ts",
      "apps/**/*.test.ts",
      "simulation/**/*.test.ts",
      "examples/**/*.test.ts",
      "benchmarks/**/*.test.ts",
      "scripts/**/*.test.{ts,mjs}",
    ],
    exclude: ["**/node_modules/**", "**/dist/**", "**/runs/**", "**/*.postgres.test.ts", "**/*.guides.test.ts"],
    // Node itself loads the modules, type stripping included: tests run what users run, module copies and hooks too.
    experimental: { viteModuleRunner: false },
    // A process for each file: threads that come and go with WebAssembly in them end Node 24 now and then (nodejs/node#64500).
    pool: "forks",
    // Some tests wait for other processes: it takes four to keep two processors busy.
    maxWorkers: 4,
    testTimeout: 20_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
