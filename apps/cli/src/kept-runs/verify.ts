import { verifyRun } from "@tradepulse/research";
import { ExitCode } from "../exit-codes.ts";
import { interruptible } from "../interruption.ts";
import { ProgressLine } from "../terminal/progress.ts";
import { shownPath } from "../terminal/shown-path.ts";
import { outputWidth, paint, say, sayJson } from "../terminal/streams.ts";
import { hangingText } from "../terminal/wrap-text.ts";
import { findRun } from "./find-run.ts";

/** `tradepulse verify`: exit code 5 when the run hash differs. */
export async function verify(word: string, options: { readonly runs?: string; readonly json?: boolean }): Promise<void> {
  const run = await findRun(word, options.runs);
  const line = new ProgressLine("verify", "bars");
  const report = await interruptible(async (signal) => {
    try {
      return await verifyRun(run.folder, { signal, onProgress: (done, total) => line.update({ done, total }) });
    } finally {
      line.end();
    }
  });
  if (!report.ok) process.exitCode = ExitCode.mismatch;
  if (options.json === true) {
    sayJson({ ...report });
    return;
  }
  const width = outputWidth();
  say(`${report.ok ? paint("green", "repeats") : paint("red", "DIFFERS")}  ${shownPath(report.folder)}`);
  for (const { what, about, recorded, now, same } of report.rows) {
    const label = `  ${same ? paint("green", "same  ") : paint("yellow", "other ")}  `;
    const name = about === "" ? what : `${what} of ${about}`;
    say(hangingText(label, same ? `${name} ${now}` : `${name}: was ${recorded}, is ${now}`, width));
  }
  if (report.ok) return;
  say("");
  say(hangingText("next  ", "a changed strategy, data file or version explains a difference; the rows marked other name it", width));
}
