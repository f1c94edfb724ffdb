import { SimClock, SimDisk, SimEnv, SimFiles, SimProcess, seededStream } from "@tradepulse/platform";
import { test } from "vitest";
import { type LeadershipWorld, leadershipContract } from "../testing/leadership-contract.ts";
import { SimulatedDatabase } from "../testing/simulated-database.ts";
import { takePostgresLeadership } from "./postgres-leadership.ts";

/** Under virtual time; what a real server does is in `postgres-leadership.postgres.test.ts`. */
function world(): Promise<LeadershipWorld> {
  const clock = new SimClock({ seed: 1 });
  const database = new SimulatedDatabase();
  return Promise.resolve({
    nowUs: () => clock.nowUs,
    pass: (us) => clock.run(clock.nowUs + us),
    settled: async (promise) => {
      let isSettled = false;
      const settle = (): void => {
        isSettled = true;
      };
      promise.then(settle, settle);
      while (!isSettled) await clock.run(clock.nowUs + 10_000);
      return await promise;
    },
    begin: () => {
      const process = new SimProcess("trader");
      const files = new SimFiles(new SimDisk(seededStream(1, "disk")));
      const env = new SimEnv({ clock, process, seed: 1, files, postgres: database.forProcess(process) });
      return Promise.resolve({
        take: (terms) =>
          takePostgresLeadership({ ...terms, env, account: "main", holder: "test", connect: () => env.postgres.connect(SETTINGS) }),
        kill: () => process.kill(),
        standStill: () => {
          process.pause();
          database.cutAll();
        },
        goOn: () => process.resume(),
      });
    },
  });
}

const SETTINGS = {
  host: "127.0.0.1",
  port: 5432,
  database: "d",
  user: "u",
  password: undefined,
  security: { kind: "local" },
  applicationName: "test",
  connectTimeoutUs: 1,
  answerTimeoutUs: 1,
} as const;

for (const law of leadershipContract("leadership in a simulated database", world)) test(law.name, law.check);
