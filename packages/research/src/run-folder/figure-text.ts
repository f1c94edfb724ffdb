import { definitionOf, type Figure, type FigureUnit, type SummaryFigureId, US_PER_DAY, US_PER_HOUR, US_PER_MINUTE } from "@tradepulse/core";

const REASONS = {
  "too-few": "too few observations",
  "zero-denominator": "division by zero",
  "no-benchmark": "no benchmark",
  ruined: "equity fell to zero",
} as const;

/** How a figure reads: `12.3 %`, `1.42`, `1,234.50 USD`, `34 d 5 h`; empty without a value. `moneyDecimals` is for money. */
export function figureText(id: SummaryFigureId, figure: Figure, currency: string, moneyDecimals = 2): string {
  return figure.value === null ? "" : valueText(definitionOf(id).unit, figure.value, currency, moneyDecimals);
}

/** Why a figure has no value: `too few observations`, `division by zero (+infinity)`. */
export function figureReason(figure: Figure): string {
  if (figure.value !== null) return "";
  const sign = figure.sign === undefined || figure.sign === 0 ? "" : figure.sign > 0 ? " (+infinity)" : " (-infinity)";
  return `${REASONS[figure.reason]}${sign}`;
}

/** A value with its unit. */
export function valueText(unit: FigureUnit, value: number, currency: string, moneyDecimals: number): string {
  switch (unit) {
    case "fraction":
      return `${decimals(value * 100, Math.abs(value) < 0.1 ? 2 : 1)} %`;
    case "number":
      return decimals(value, 2);
    case "money":
      return `${decimals(value, moneyDecimals)} ${currency}`;
    case "duration":
      return durationText(value);
    case "count":
      return decimals(value, 0);
    case "per-year":
      return `${decimals(value, 2)} a year`;
  }
}

/** A length of time in its two largest units: `34 d 5 h`, `3 h 20 min`, `45 s`. */
export function durationText(us: number): string {
  const days = Math.floor(us / US_PER_DAY);
  const hours = Math.floor((us % US_PER_DAY) / US_PER_HOUR);
  const minutes = Math.floor((us % US_PER_HOUR) / US_PER_MINUTE);
  if (days > 0) return hours === 0 || days >= 100 ? `${days} d` : `${days} d ${hours} h`;
  if (hours > 0) return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min` : `${decimals(us / 1e6, us < 1e6 ? 3 : 0)} s`;
}

function decimals(value: number, places: number): string {
  const text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}
