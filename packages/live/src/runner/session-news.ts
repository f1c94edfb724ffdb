import type { LogLine } from "@tradepulse/platform";
import type { SessionStatus } from "./session-status.ts";

/** What a running session tells: how it stands after an instant, what a person must know, and lines of its log. Secrets are taken out. */
export type SessionNews =
  | { readonly kind: "status"; readonly status: SessionStatus }
  | { readonly kind: "alarm"; readonly text: string }
  | { readonly kind: "log"; readonly line: LogLine };
