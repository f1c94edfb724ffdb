import { formatDate, formatTimeUs } from "@tradepulse/core";

const US_PER_DAY = 86_400_000_000;

/** A number with grouped thousands and a true minus sign: `-1,234.50` with two decimals reads `−1,234.50`. */
export function formatNumber(value: number, decimals: number): string {
  const text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** A ratio as a signed percentage: 0.0512 with one decimal reads `+5.1 %`. */
export function formatSignedPercent(ratio: number, decimals: number): string {
  const text = formatNumber(ratio * 100, decimals);
  return `${ratio > 0 && /[1-9]/.test(text) ? "+" : ""}${text} %`;
}

/** The UTC date, with the time of day where the instant is not midnight: `2026-03-01`, `2026-03-01 14:30`. */
export function formatInstant(timeUs: number): string {
  return timeUs % US_PER_DAY === 0 ? formatDate(timeUs) : formatTimeUs(timeUs).replace("T", " ").replace("Z", "");
}
