/** Colour, dash and marker of a run's slot: one look in charts, keys and tables. Slot 8 is for baselines. */

const dashes: readonly (readonly number[])[] = [
  [],
  [6, 3],
  [2, 3],
  [8, 3, 2, 3],
  [10, 4],
  [4, 2],
  [1, 3],
  [6, 2, 1, 2, 1, 2],
];

const within = (slot: number) => (slot >= 1 && slot <= 8 ? slot : 8);

/** Lengths of dash and gap in px; empty is solid. */
export function slotDash(slot: number): number[] {
  return [...(dashes[within(slot) - 1] ?? [])];
}

/** SVG path of a slot's marker around (x, y). */
export function slotPath(slot: number, x: number, y: number, r: number): string {
  const p = (dx: number, dy: number) => `${x + dx * r} ${y + dy * r}`;
  switch (within(slot)) {
    case 1:
      return `M${p(-1, 0)}A${r} ${r} 0 1 1 ${p(1, 0)}A${r} ${r} 0 1 1 ${p(-1, 0)}Z`;
    case 2:
      return `M${p(-0.9, -0.9)}H${x + 0.9 * r}V${y + 0.9 * r}H${x - 0.9 * r}Z`;
    case 3:
      return `M${p(0, -1.1)}L${p(1.1, 0.9)}L${p(-1.1, 0.9)}Z`;
    case 4:
      return `M${p(0, -1.2)}L${p(1.2, 0)}L${p(0, 1.2)}L${p(-1.2, 0)}Z`;
    case 5:
      return `M${p(0, 1.1)}L${p(1.1, -0.9)}L${p(-1.1, -0.9)}Z`;
    case 6:
      return `M${p(-1.1, 0)}L${p(1.1, 0)}M${p(0, -1.1)}L${p(0, 1.1)}`;
    case 7:
      return `M${p(1.1, 0)}L${p(0.55, 0.95)}L${p(-0.55, 0.95)}L${p(-1.1, 0)}L${p(-0.55, -0.95)}L${p(0.55, -0.95)}Z`;
    default:
      return `M${p(-0.9, -0.9)}L${p(0.9, 0.9)}M${p(0.9, -0.9)}L${p(-0.9, 0.9)}`;
  }
}
