import { userInfo } from "node:os";

/** Who sits at this machine. A container may run under a number that has no name, and must be able to halt all the same. */
export function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}
