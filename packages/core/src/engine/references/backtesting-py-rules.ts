import type { OrderOptions } from "../../strategy/intent.ts";
import type { PositionView } from "../../strategy/strategy-view.ts";

/** A share of the free margin, or whole units. */
export type Size = { readonly share: number } | { readonly units: number };

/** What a rule decides on a bar: whether the waiting entry is taken back, whether the position closes, and which order follows. */
export interface Decision {
  readonly cancels: boolean;
  readonly closes: boolean;
  /** 0 for no order. */
  readonly side: 1 | -1 | 0;
  readonly size: Size;
  /** Limit, stop and the prices of the protective legs. */
  readonly order: OrderOptions;
}

const ALL: Size = { share: 1 };
const NOTHING: Decision = { cancels: false, closes: false, side: 0, size: ALL, order: {} };

/** A rule in words as a function of the bar. */
export type Rule = (at: {
  readonly row: number;
  readonly close: number;
  readonly crossed: 1 | -1 | 0;
  readonly highest20: () => number;
  readonly position: PositionView;
  readonly barsHeld: number;
}) => Decision;

/** The rules of the fixture by strategy name. */
export function ruleOf(strategy: string, params: Readonly<Record<string, number>>): Rule {
  switch (strategy) {
    case "SmaCross":
    case "SmaCrossLongOnly":
    case "SmaCrossSLTP":
    case "FixedSize":
    case "HalfEquity": {
      const size = strategy === "FixedSize" ? { units: 10 } : strategy === "HalfEquity" ? { share: 0.5 } : ALL;
      return ({ crossed, close: price }) => {
        if (crossed === 0) return NOTHING;
        if (strategy === "SmaCrossLongOnly" && crossed < 0) return { ...NOTHING, closes: true };
        const protects = strategy === "SmaCrossSLTP";
        const order = protects
          ? { stopLoss: price * (1 - crossed * params["sl"]!), takeProfit: price * (1 + crossed * params["tp"]!) }
          : {};
        return { closes: true, cancels: false, side: crossed, size, order };
      };
    }
    case "BuyHold":
      return ({ row }) => (row === 1 ? { ...NOTHING, side: 1 } : NOTHING);
    case "LimitDip":
      return ({ row, close: price, position }) => {
        if ((row + 1) % 20 !== 0) return NOTHING;
        if (!position.isFlat) return { ...NOTHING, cancels: true };
        const limit = price * 0.97;
        return { closes: false, cancels: true, side: 1, size: ALL, order: { limit, takeProfit: limit * 1.05, stopLoss: limit * 0.95 } };
      };
    case "StopBreakout":
      return ({ row, highest20, position, barsHeld }) => {
        if ((row + 1) % 20 !== 0) return !position.isFlat && barsHeld >= 10 ? { ...NOTHING, closes: true } : NOTHING;
        if (!position.isFlat) return { ...NOTHING, cancels: true };
        return { closes: false, cancels: true, side: 1, size: ALL, order: { stop: highest20() } };
      };
    default:
      throw new RangeError(`reference strategy "${strategy}" has no rule here`);
  }
}
