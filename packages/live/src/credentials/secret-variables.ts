import { Secret } from "@tradepulse/platform";

/** Shorter ones are switches and counts, and taking them out would shred what is written. */
const SHORTEST = 8;
const NAMED = /(?:SECRET|SECRET_ID|TOKEN|PASSWORD|PASSPHRASE|API_KEY|PRIVATE_KEY|ACCESS_KEY|OTP)$/;

/** Values of variables that are secrets by their name, whether a configuration uses them or not: whoever can print a variable must not get one into a log. */
export function secretVariables(variables: Readonly<Record<string, string | undefined>>): readonly Secret[] {
  return Object.entries(variables).flatMap(([name, value]) =>
    value !== undefined && value.length >= SHORTEST && NAMED.test(name) ? [new Secret(value)] : [],
  );
}
