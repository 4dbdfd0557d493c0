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
