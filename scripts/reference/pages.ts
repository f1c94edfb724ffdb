import { configurationReference } from "./configuration-reference.ts";
import { eventsReference } from "./events-reference.ts";
import { metricsReference } from "./metrics-reference.ts";
import { riskReference } from "./risk-reference.ts";

/** The generated pages of core and configuration: path from the root of the repository, and what writes the text. */
export const referencePages: readonly (readonly [path: string, text: () => string])[] = [
  ["docs/reference/configuration.md", configurationReference],
  ["docs/reference/events.md", eventsReference],
  ["docs/reference/metrics.md", metricsReference],
  ["docs/reference/risk.md", riskReference],
];
