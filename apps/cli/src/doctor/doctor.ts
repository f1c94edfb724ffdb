import { ExitCode } from "../exit-codes.ts";
import { outputWidth, paint, say, sayJson } from "../terminal/streams.ts";
import { hangingText } from "../terminal/wrap-text.ts";
import { examine } from "./examine.ts";

const MARKS = { ok: ["green", "ok"], note: ["yellow", "note"], problem: ["red", "FAIL"] } as const;

/** `tradepulse doctor`: exit code 1 when something is in the way. */
export async function doctor(options: { readonly json?: boolean }): Promise<void> {
  const examinations = await examine();
  const isWell = examinations.every(({ state }) => state !== "problem");
  if (!isWell) process.exitCode = ExitCode.findings;
  if (options.json === true) {
    sayJson({ schema: 1, ok: isWell, examinations });
    return;
  }
  const width = outputWidth();
  for (const { name, value, state, advice } of examinations) {
    const [style, word] = MARKS[state];
    say(hangingText(`${paint(style, word.padEnd(4))}  ${name.padEnd(13)}  `, advice === undefined ? value : `${value}: ${advice}`, width));
  }
}
