export { BarSeries } from "./bar-series.ts";
export { resample } from "./resample.ts";
