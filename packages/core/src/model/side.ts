/** +1 buys, -1 sells. A number, so that money and position arithmetic can multiply by it. */
export type Side = 1 | -1;

export function sideName(side: number): "buy" | "sell" {
  return side > 0 ? "buy" : "sell";
}
