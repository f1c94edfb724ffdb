/** `12,345.67`. */
export function moneyText(value: number, decimals = 2): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** `12,345`. */
export function countText(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

/** `12.3 %` of the fraction 0.123; two places below one per cent. */
export function percentText(fraction: number): string {
  const percent = fraction * 100;
  return `${percent.toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: Math.abs(percent) < 1 ? 2 : 1 })} %`;
}

/** `1.42`; three significant places for small numbers. */
export function ratioText(value: number): string {
  return Math.abs(value) >= 1_000 ? countText(value) : value.toFixed(2);
}

/** `3 d 4 h` of microseconds. */
export function durationText(us: number): string {
  const minutes = us / 60_000_000;
  if (minutes < 1) return `${(us / 1_000_000).toFixed(0)} s`;
  if (minutes < 60) return `${minutes.toFixed(0)} min`;
  if (minutes < 48 * 60) return `${(minutes / 60).toFixed(1)} h`;
  const days = minutes / 1_440;
  return days < 730 ? `${days.toFixed(0)} d` : `${(days / 365.25).toFixed(1)} y`;
}

/** `0.84 s`, `12 ms` of milliseconds. */
export function elapsedText(ms: number): string {
  return ms < 100 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}

/** `3 fills`, `1 fill`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}
