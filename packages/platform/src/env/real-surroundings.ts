/** What a process is told by whoever started it. */
export interface Surroundings {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The folder that relative paths start from. Absolute. */
  readonly folder: string;
}

/** Variables and working folder of this process. */
export function realSurroundings(): Surroundings {
  return { variables: process.env, folder: process.cwd() };
}
