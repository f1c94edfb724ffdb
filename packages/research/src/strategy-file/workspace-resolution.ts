import { registerHooks } from "node:module";

const OWN = "@tradepulse/";
let isRegistered = false;

/**
 * From now on `@tradepulse/*` means our own copy for every file of this process, wherever it lies. Strategy files outside the
 * repository need no installation, and no second copy of the core appears beside ours. Calling it again does nothing.
 */
export function registerWorkspaceResolution(): void {
  if (isRegistered) return;
  isRegistered = true;
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (!specifier.startsWith(OWN)) return nextResolve(specifier, context);
      try {
        return nextResolve(specifier, { ...context, parentURL: import.meta.url });
      } catch {
        // A package that is not among our dependencies: the error of the importing file tells more than ours.
        return nextResolve(specifier, context);
      }
    },
  });
}
