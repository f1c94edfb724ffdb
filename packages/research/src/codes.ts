import type { CodeTable } from "@tradepulse/core";

/** Every code that loading a strategy file, running, checking and verifying can end with. */
export const RESEARCH_CODES: CodeTable = {};
