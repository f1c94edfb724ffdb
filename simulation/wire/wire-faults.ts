import type { FaultBoard, FaultRule } from "@tradepulse/venues";
import type { FaultKind, PlannedFault } from "../storm/fault-kinds.ts";

const SECOND = 1_000_000;
const ORDER_PATH = "/api/v3/order";

/** What the local venue is told for each kind of fault while its window is open. Kinds that are not here are acts of the world. */
export const WIRE_FAULTS: Readonly<Partial<Record<FaultKind, (fault: PlannedFault) => readonly FaultRule[]>>> = {
  F01: ({ intensity }) => [
    { name: "response-lost", chance: intensity / 2 },
    { name: "response-cut", chance: intensity / 2 },
    { name: "request-cut", chance: intensity / 4 },
  ],
  F03: ({ intensity }) => [
    { name: "error-accepted", chance: intensity / 2, value: 504 },
    { name: "html-accepted", chance: intensity / 2, value: 502 },
  ],
  F04: ({ intensity }) => [
    { name: "late-arrival", chance: intensity / 2, delayUs: 100_000, delayUpToUs: 120 * SECOND },
    { name: "engine-delay", chance: intensity / 2, delayUs: 100_000, delayUpToUs: 9 * SECOND },
  ],
  F05: ({ intensity }) => [{ name: "read-lag", chance: intensity, delayUs: 0, delayUpToUs: 8 * SECOND }],
  F06: () => [{ name: "error-refused", value: 503, only: { method: "GET", path: ORDER_PATH } }],
  F08: ({ intensity }) => [{ name: "slow-response", chance: intensity, delayUs: 100_000, delayUpToUs: 8 * SECOND }],
  F10: ({ intensity }) => [{ name: "garbage-body", chance: intensity }],
  F13: ({ intensity }) => [
    { name: "event-duplicated", chance: intensity, value: 3, delayUs: 0, delayUpToUs: 600 * SECOND },
    { name: "market-duplicated", chance: intensity },
  ],
  F14: ({ intensity }) => [{ name: "event-delayed", chance: intensity, delayUs: 1_000, delayUpToUs: 5 * SECOND }],
  F15: ({ intensity }) => [
    { name: "fill-dropped", chance: intensity },
    { name: "event-dropped", chance: intensity / 2 },
  ],
  F16: ({ intensity }) => [
    { name: "disconnect", chance: intensity / 200, value: 1001 },
    { name: "disconnect-abrupt", chance: intensity / 200 },
    { name: "socket-dead", chance: intensity / 400 },
  ],
  F17: ({ intensity }) => [{ name: "fill-before-cancel", chance: intensity, value: intensity > 0.3 ? 1 : 0.5 }],
  // The last fill is held back on the wire, see held-fill.ts; without a fill within a cancel there would hardly ever be one.
  F19: ({ intensity }) => [{ name: "fill-before-cancel", chance: intensity, value: 0.5 }],
  F20: ({ intensity }) => [
    { name: "cancel-forged", chance: intensity / 2 },
    { name: "cancel-lost", chance: intensity / 2 },
  ],
  F23: ({ intensity }) => [{ name: "fee-asset", chance: intensity }],
  F25: ({ intensity }) => [{ name: "event-delayed", chance: intensity, delayUs: SECOND, delayUpToUs: 60 * SECOND }],
  F31: () => [{ name: "market-dropped" }],
  F32: ({ intensity }) => [{ name: "garbage-price", chance: intensity }],
  F34: ({ intensity }) => [
    { name: "kline-dropped", chance: intensity },
    { name: "kline-revised", chance: intensity },
  ],
  F35: ({ intensity }) => [
    { name: "market-delayed", chance: intensity, delayUs: 1_000, delayUpToUs: 30 * SECOND },
    { name: "market-duplicated", chance: intensity },
  ],
  F40: ({ intensity }) => [{ name: "rate-limited", chance: intensity / 2 }],
  F41: ({ intensity }) => [{ name: "weight-jump", chance: intensity, value: 1_500 }],
  F43: ({ intensity }) => [
    { name: "subscription-lost", chance: intensity / 20 },
    { name: "socket-silent", chance: intensity / 100, only: { stream: "user" } },
  ],
  F50: ({ intensity }) => [
    { name: "request-cut", chance: intensity / 2 },
    { name: "blocked", chance: intensity / 4 },
  ],
  F52: ({ intensity }) => [{ name: "balance-lag", chance: intensity, delayUs: SECOND, delayUpToUs: 60 * SECOND }],
};

/** Rules of the local venue that planned faults have switched on, and to which fault each of its strikes belongs. */
export class SwitchedRules {
  private readonly faults: FaultBoard;
  private readonly on = new Map<number, readonly number[]>();
  private readonly kinds = new Map<FaultRule, FaultKind>();

  /** `struck` is told of every strike of such a rule. */
  constructor(faults: FaultBoard, struck: (kind: FaultKind, about: string) => void) {
    this.faults = faults;
    const draw = faults.draw.bind(faults);
    faults.draw = (name, scene) => {
      const strike = draw(name, scene);
      const kind = strike === undefined ? undefined : this.kinds.get(strike.rule);
      if (kind !== undefined) struck(kind, `${name} ${scene?.clientId ?? scene?.path ?? scene?.stream ?? ""}`);
      return strike;
    };
  }

  begin(fault: PlannedFault): void {
    const rules = WIRE_FAULTS[fault.kind]?.(fault) ?? [];
    for (const rule of rules) this.kinds.set(rule, fault.kind);
    this.on.set(
      fault.id,
      rules.map((rule) => this.faults.on(rule)),
    );
  }

  end(fault: PlannedFault): void {
    for (const id of this.on.get(fault.id) ?? []) this.faults.off(id);
  }
}
