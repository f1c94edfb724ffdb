import { defineConfig } from "vitest/config";

/** The guides of live sessions, run as they are written, in real time and at the port that they name: `npm run test:guides`. */
export default defineConfig({
  test: {
    include: ["examples/**/*.guides.test.ts"],
    exclude: ["**/node_modules/**"],
    experimental: { viteModuleRunner: false },
    pool: "forks",
    maxWorkers: 1,
    testTimeout: 60_000,
  },
});
