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
    exclude: ["**/node_modules/**", "**/dist/**", "**/runs/**", "**/*.postgres.test.ts"],
    // Node itself loads the modules, type stripping included: tests run what users run, module copies and hooks too.
    experimental: { viteModuleRunner: false },
    pool: "threads",
    maxWorkers: 2,
    testTimeout: 20_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
