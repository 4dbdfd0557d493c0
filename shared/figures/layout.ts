/** Where points, labels and ticks of a chart stand. */

/** A label on a line of its own: from `left`, centred on `y`. */
export interface Label {
  readonly left: number;
  readonly width: number;
  readonly y: number;
}

/** Least distance of two labels that are over each other. */
const LINE = 12;

/** The labels pushed down, from the highest on, until none is over another; in the order given. */
export function placed(labels: readonly Label[]): Label[] {
  const done: Label[] = [];
  const result = [...labels];
  const order = labels.map((_, index) => index).sort((a, b) => labels[a].y - labels[b].y);
  for (const index of order) {
    const { left, width } = labels[index];
    const near = done.filter((other) => other.left < left + width && left < other.left + other.width);
    // Those that are done stand in order of y, so one pass finds the first gap.
    const y = near.reduce(
      (lowest, other) => (lowest - other.y < LINE && other.y - lowest < LINE ? other.y + LINE : lowest),
      labels[index].y,
    );
    result[index] = { left, width, y };
    done.push(result[index]);
    done.sort((a, b) => a.y - b.y);
  }
  return result;
}

/** As `placed`; where that needs more room than there is above `low`, they are pushed up from there. */
export function placedAbove(labels: readonly Label[], low: number): Label[] {
  const down = placed(labels);
  if (down.every(({ y }) => y <= low)) return down;
  const mirrored = labels.map((label) => ({ ...label, y: -Math.min(label.y, low) }));
  return placed(mirrored).map((label) => ({ ...label, y: -label.y }));
}

/** Pushes sorted label positions apart until neighbours are `gap` away, inside [low, high]; keeps their order. */
export function spread(positions: readonly number[], gap: number, low: number, high: number): number[] {
  const order = positions.map((_, index) => index).sort((a, b) => positions[a] - positions[b]);
  const placed = [...positions];
  let edge = low;
  for (const index of order) {
    const at = Math.max(placed[index], edge);
    placed[index] = at;
    edge = at + gap;
  }
  edge = high;
  for (const index of order.reverse()) {
    const at = Math.min(placed[index], edge);
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

/** Round values from at or under `low` to at or over `high`, about `wanted` of them, 1, 2 or 5 times a power of ten apart. */
export function niceTicks(low: number, high: number, wanted = 4): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((times) => times * power >= rough * (1 - 1e-9)) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

/**
 * Ticks of a logarithmic axis inside [low, high], both above 0: powers of ten, with 2 and 5 times them where there are
 * few; over less than a decade round values, as on a linear axis.
 */
export function logTicks(low: number, high: number, wanted = 5): number[] {
  const inside = (value: number): boolean => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const decades = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const withTimes = (times: readonly number[]): number[] =>
    decades
      .flatMap((decade) => times.map((time) => Number((time * 10 ** decade).toPrecision(12))))
      .filter(inside);
  const powers = withTimes([1]);
  if (powers.length > wanted) {
    const every = Math.ceil(powers.length / wanted);
    return powers.filter((_, at) => at % every === 0);
  }
  const finer = [withTimes([1, 2, 5]), powers].find(
    (ticks) => ticks.length >= 3 && ticks.length <= wanted + 2,
  );
  return finer ?? niceTicks(low, high, wanted - 1).filter(inside);
}
