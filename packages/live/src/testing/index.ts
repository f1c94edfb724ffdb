export { type AsyncLaw, type JournalPlace, journalContract } from "./journal-contract.ts";
