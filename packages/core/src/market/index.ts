export { BarSeries } from "./bar-series.ts";
export { marketCodes } from "./codes.ts";
export { resample } from "./resample.ts";
