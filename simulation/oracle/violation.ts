/** What the storm promises, by number; `L` are those that hold only once nothing goes wrong any more. */
export type InvariantId =
  | "I01"
  | "I02"
  | "I03"
  | "I04"
  | "I05"
  | "I06"
  | "I07"
  | "I08"
  | "I09"
  | "I10"
  | "I11"
  | "I12"
  | "I13"
  | "I14"
  | "I15"
  | "I16"
  | "I17"
  | "I19"
  | "I20"
  | "I21"
  | "I23"
  | "I24"
  | "I27"
  | "I29"
  | "L1"
  | "L2"
  | "L3"
  | "L4"
  | "L5"
  | "L6"
  | "calm"
  | "crash";

export interface Violation {
  readonly invariant: InvariantId;
  readonly atUs: number;
  readonly text: string;
  /** Client id or symbol that it is about; empty for none. */
  readonly about: string;
}
