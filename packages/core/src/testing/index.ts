export { bars, type TestMarket } from "./bars.ts";
export { indicatorContract } from "./indicator-contract.ts";
export { PLAY_CAPITAL, type PlayOptions, play, runTest } from "./play.ts";
export { type TapeDetail, tape } from "./tape.ts";
