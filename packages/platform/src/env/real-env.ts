import type { Env } from "./env.ts";
import { realMonoUs, realSleep, realTimer, realWallUs } from "./real-clock.ts";
import { realFiles } from "./real-files.ts";
import { type RealHttpOptions, realHttp } from "./real-http.ts";
import { realPostgres } from "./real-postgres.ts";
import { realRandomStreams, realUniqueId } from "./real-random.ts";
import { realWebSocket } from "./real-web-socket.ts";

/** The world itself. Only the files named `real-*` beside this one touch Node. */
export function realEnv(options: RealHttpOptions = {}): Env {
  return {
    monoUs: realMonoUs,
    wallUs: realWallUs,
    timer: realTimer,
    sleep: realSleep,
    random: realRandomStreams(),
    uniqueId: realUniqueId,
    http: realHttp(options),
    webSocket: realWebSocket,
    files: realFiles,
    postgres: realPostgres,
    onSignal: (signal, run) => {
      // Windows has no SIGUSR2 and Node refuses to listen for it there.
      if (signal === "SIGUSR2" && process.platform === "win32") return () => undefined;
      // A terminal that is closed asks for the same as SIGTERM: to end in order, not to be cut off.
      const signals = signal === "SIGTERM" ? (["SIGTERM", "SIGHUP"] as const) : [signal];
      for (const each of signals) process.on(each, run);
      return () => {
        for (const each of signals) process.off(each, run);
      };
    },
    exit: (code) => process.exit(code),
  };
}
