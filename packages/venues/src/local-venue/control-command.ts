import { e8 } from "./exchange/amount.ts";
import type { SymbolFilters, SymbolStatus } from "./exchange/symbol-spec.ts";
import type { FaultRule } from "./faults/fault-board.ts";
import { FAULT_NAMES, type FaultName, isFaultName } from "./faults/fault-names.ts";
import type { LocalVenue } from "./local-venue.ts";

/** What another process may ask of a venue, as `POST /__control` takes it. */
export type ControlCommand =
  | { readonly do: "state" }
  /** Records of the truth ledger after a number. */
  | { readonly do: "truth"; readonly after?: number }
  | { readonly do: "fault-on"; readonly rule: FaultRule }
  | { readonly do: "fault-off"; readonly which?: number | FaultName }
  | { readonly do: "outage"; readonly delayUs: number }
  | { readonly do: "clock-ahead"; readonly us: number }
  | { readonly do: "disconnect"; readonly sort?: "user" | "market"; readonly code?: number }
  | { readonly do: "silence"; readonly sort?: "user" | "market"; readonly dead?: boolean }
  | { readonly do: "transfer"; readonly account: string; readonly asset: string; readonly amount: string }
  | { readonly do: "status"; readonly symbol: string; readonly status: SymbolStatus }
  /** Decimals by name; those left out stay. */
  | { readonly do: "filters"; readonly symbol: string; readonly filters: Readonly<Record<string, string>> }
  /** The crowd comes for an open order. */
  | { readonly do: "fill"; readonly account: string; readonly symbol: string; readonly orderId: number; readonly quantity?: string }
  | { readonly do: "bust"; readonly account: string; readonly symbol: string; readonly tradeId: number }
  | { readonly do: "expire-all"; readonly symbol: string }
  | { readonly do: "revoke-key"; readonly key: string }
  /** Plays the next moves of all markets at once. */
  | { readonly do: "advance"; readonly steps?: number };

/** Carries out a command; the answer is JSON with every bigint as its decimal digits. Throws a `TypeError` for what is no command. */
export function runControl(venue: LocalVenue, command: ControlCommand): unknown {
  switch (command.do) {
    case "state":
      return {
        nowUs: venue.now(),
        isOver: venue.isOver,
        bansGiven: venue.limits.bansGiven,
        faults: venue.faults.rules,
        strikes: Object.fromEntries(venue.faults.strikes),
        records: venue.ledger.records.length,
      };
    case "truth":
      return { records: venue.ledger.records.slice(command.after ?? 0) };
    case "fault-on":
      if (!isFaultName(command.rule.name))
        throw new TypeError(`there is no fault "${String(command.rule.name)}", known are ${FAULT_NAMES.join(", ")}`);
      return { id: venue.faults.on(command.rule) };
    case "fault-off":
      venue.faults.off(command.which);
      return {};
    case "outage":
      venue.outage(command.delayUs);
      return {};
    case "clock-ahead":
      venue.setClockAhead(command.us);
      return {};
    case "disconnect":
      venue.disconnect(command.sort, command.code);
      return {};
    case "silence":
      venue.silence(command.sort, command.dead);
      return {};
    case "transfer":
      venue.exchange.transfer(command.account, command.asset, e8(command.amount));
      return {};
    case "status":
      venue.exchange.setStatus(command.symbol, command.status);
      return {};
    case "filters": {
      const decimals = Object.entries(command.filters).map(([name, text]) => [name, e8(text)]);
      venue.exchange.setFilters(command.symbol, Object.fromEntries(decimals) as Partial<SymbolFilters>);
      return {};
    }
    case "fill": {
      const order = venue.exchange.find(command.account, command.symbol, { orderId: command.orderId });
      if (order === undefined) throw new TypeError(`${command.account} has no order ${command.orderId} of ${command.symbol}`);
      venue.exchange.fillNow(order, command.quantity === undefined ? order.quantity : e8(command.quantity));
      return { executed: order.executed, status: order.status };
    }
    case "bust": {
      const { account, symbol, tradeId } = command;
      const trade = venue.exchange.market(symbol).trades.find((each) => each.accountId === account && each.tradeId === tradeId);
      return { busted: trade !== undefined && venue.exchange.bust(trade) };
    }
    case "expire-all":
      venue.exchange.expireAll(command.symbol);
      return {};
    case "revoke-key":
      venue.revokeKey(command.key);
      return {};
    case "advance":
      for (let i = 0; i < (command.steps ?? 1); i += 1) venue.advance();
      return { isOver: venue.isOver };
    default:
      throw new TypeError(`there is no command ${JSON.stringify((command as { do?: unknown }).do)}`);
  }
}
