/** What the command answers with. Scripts may rely on these numbers. */
export const ExitCode = {
  ok: 0,
  findings: 1,
  usage: 2,
  data: 3,
  strategy: 4,
  mismatch: 5,
  bug: 70,
  unwritten: 74,
  interrupted: 130,
} as const;

/** Each exit code with its meaning, for help and reference. */
export const EXIT_CODES: readonly (readonly [code: number, meaning: string])[] = [
  [ExitCode.ok, "done, nothing found"],
  [ExitCode.findings, "done, with findings"],
  [ExitCode.usage, "the command line or the run file is wrong"],
  [ExitCode.data, "the data cannot be used"],
  [ExitCode.strategy, "the strategy failed"],
  [ExitCode.mismatch, "a run could not be repeated bit for bit"],
  [ExitCode.bug, "a bug in TradePulse"],
  [ExitCode.unwritten, "the output could not be written"],
  [ExitCode.interrupted, "interrupted by Ctrl-C or a signal"],
];
