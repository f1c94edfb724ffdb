export { type AsyncLaw, type JournalPlace, journalContract } from "./journal-contract.ts";
export { type LeadershipProcess, type LeadershipWorld, leadershipContract } from "./leadership-contract.ts";
