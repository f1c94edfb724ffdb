import type { Mutant } from "../mutant.ts";
import { BOOK_BUGS } from "./book-bugs.ts";
import { FILL_BUGS } from "./fill-bugs.ts";
import { ORDER_BUGS } from "./order-bugs.ts";
import { PROCESS_BUGS } from "./process-bugs.ts";
import { SIGHT_BUGS } from "./sight-bugs.ts";
import { WIRE_BUGS } from "./wire-bugs.ts";

/** Bugs that others had, each as a change of a few lines hung into the trader of a storm. The storm must find every one. */
export const BANK: readonly Mutant[] = [...ORDER_BUGS, ...FILL_BUGS, ...PROCESS_BUGS, ...SIGHT_BUGS, ...WIRE_BUGS, ...BOOK_BUGS];
