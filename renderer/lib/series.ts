/** Small numeric helpers of the charts. */

/** Centred running mean over `window` points (odd), shorter at the ends: no lag, so epochs stay where they are. */
export function smooth(values: readonly number[], window: number): number[] {
  const half = Math.floor(window / 2);
  if (half < 1) return [...values];
  return values.map((_, index) => {
    const reach = Math.min(half, index, values.length - 1 - index);
    let sum = 0;
    for (let at = index - reach; at <= index + reach; at += 1) sum += values[at] ?? 0;
    return sum / (2 * reach + 1);
  });
}

/** The middle value; of two the upper. 0 of none. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
