import { causeCode } from "../../model/event.ts";
import type { Protection } from "./protection.ts";
import type { CooldownSettings } from "./protection-settings.ts";

const COOLDOWN = causeCode("protection-cooldown");

/** Waits after every exit. */
export function cooldown({ wait, scope }: Required<CooldownSettings>): Protection {
  return () => ({ cause: COOLDOWN, scope, span: wait });
}
