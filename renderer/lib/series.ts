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

/** Pushes sorted label positions apart until neighbours are `gap` away, inside [low, high]; keeps their order. */
export function spread(positions: readonly number[], gap: number, low: number, high: number): number[] {
  const order = positions.map((_, index) => index).sort((a, b) => (positions[a] ?? 0) - (positions[b] ?? 0));
  const placed = [...positions];
  let edge = low;
  for (const index of order) {
    const at = Math.max(placed[index] ?? low, edge);
    placed[index] = at;
    edge = at + gap;
  }
  edge = high;
  for (const index of order.reverse()) {
    const at = Math.min(placed[index] ?? high, edge);
    placed[index] = at;
    edge = at - gap;
  }
  return placed;
}

/** Indices of the points no other point beats on both axes (both: more is better). */
export function paretoFront(points: readonly { x: number; y: number }[]): number[] {
  return points.flatMap((point, index) => {
    const beaten = points.some(
      (other) => other.x >= point.x && other.y >= point.y && (other.x > point.x || other.y > point.y),
    );
    return beaten ? [] : [index];
  });
}

/** The middle value; of two the upper. 0 of none. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
