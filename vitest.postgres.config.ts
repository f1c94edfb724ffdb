import { defineConfig } from "vitest/config";

/** Tests that need a PostgreSQL server, which they start by themselves: `npm run test:postgres`. */
export default defineConfig({
  test: {
    include: ["packages/**/*.postgres.test.ts", "apps/**/*.postgres.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "**/runs/**"],
    experimental: { viteModuleRunner: false },
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
