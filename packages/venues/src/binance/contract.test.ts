import { describe, test } from "vitest";
import { binancePlace } from "../testing/binance-place.ts";
import { venueContract } from "../testing/venue-contract.ts";

describe("binanceExecution() against the local venue", () => {
  for (const law of venueContract("binance", () => binancePlace())) test(law.name, law.check);
});
