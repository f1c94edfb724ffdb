/** Whether an error comes from the system, with a code such as `ENOENT`. */
export function isNodeError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error;
}
