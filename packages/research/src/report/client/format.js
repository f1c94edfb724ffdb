/**
 * @param {number} value
 * @param {number} decimals
 */
export function formatFixed(value, decimals) {
  const text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/**
 * Up to eight decimals, without trailing zeros: sizes of coins and of shares read equally well.
 * @param {number} value
 */
export function formatQuantity(value) {
  return value.toLocaleString("en-US", { maximumFractionDigits: 8 });
}

/**
 * @param {number | null} value
 * @param {number} decimals
 */
export function formatSigned(value, decimals) {
  if (value === null) return "n/a";
  const text = formatFixed(value, decimals);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** @param {number | null} ratio */
export function formatPercent(ratio) {
  return ratio === null ? "n/a" : `${formatSigned(ratio * 100, 2)} %`;
}

/**
 * Axis labels: 950, 12.5k, 1.2M.
 * @param {number} value
 */
export function formatCompact(value) {
  const size = Math.abs(value);
  if (size >= 1e9) return `${trimmed(value / 1e9)}B`;
  if (size >= 1e6) return `${trimmed(value / 1e6)}M`;
  if (size >= 1e4) return `${trimmed(value / 1e3)}k`;
  return trimmed(value);
}

/** @param {number} value */
function trimmed(value) {
  return String(Number(value.toPrecision(4))).replace("-", "−");
}

/**
 * UTC, with the time of day unless it is midnight.
 * @param {number} seconds since the Unix epoch
 */
export function formatTime(seconds) {
  const iso = new Date(Math.round(seconds * 1000)).toISOString();
  const clock = iso.slice(11, 19);
  if (clock === "00:00:00") return iso.slice(0, 10);
  return `${iso.slice(0, 10)} ${clock.endsWith(":00") ? clock.slice(0, 5) : clock}`;
}
