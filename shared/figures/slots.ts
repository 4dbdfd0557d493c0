/**
 * Colour, dash and marker of a run's slot: one look in charts, keys, tables and reports. Slots 1–7 are the palette of
 * models and 8 is for a baseline; 9–16, 17–24 … repeat the colours with other dashes and markers, hollow in every second
 * round, so that 30 runs can be told apart, without colour too. Every multiple of 8 is for a baseline, and 0 for what is no run.
 */

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

type Shape = 'circle' | 'square' | 'up' | 'diamond' | 'down' | 'plus' | 'hexagon' | 'cross';
const shapes: readonly Shape[] = ['circle', 'square', 'up', 'diamond', 'down', 'plus', 'hexagon'];

/** No run: a line to compare with, dashed and without a marker. */
export const REFERENCE = 0;

/** Colours of the palette, the last of them for baselines. */
const COLORS = 8;
/** Looks of models that differ from each other: every dash and shape of theirs with every colour. */
const MODELS = COLORS - 1;

function placeOf(slot: number): { color: number; round: number } {
  const at = Number.isInteger(slot) && slot >= 1 ? slot - 1 : COLORS - 1;
  return { color: at % COLORS, round: Math.floor(at / COLORS) };
}

/** Which of the eight run colours, 1–8. */
export function slotColor(slot: number): number {
  return placeOf(slot).color + 1;
}

/** Lengths of dash and gap in px; empty is solid. */
export function slotDash(slot: number): number[] {
  if (slot === REFERENCE) return [3, 3];
  const { color, round } = placeOf(slot);
  return [...dashes[round === 0 ? color : (color + 3 * round) % MODELS]];
}

function shapeOf(slot: number): Shape {
  const { color, round } = placeOf(slot);
  if (round === 0 && color === COLORS - 1) return 'cross';
  return shapes[(color + 2 * round) % MODELS];
}

/** Whether the marker is filled; else it is drawn by its outline alone. */
export function slotFilled(slot: number): boolean {
  const shape = shapeOf(slot);
  return shape !== 'plus' && shape !== 'cross' && placeOf(slot).round % 2 === 0;
}

/** SVG path of a slot's marker around (x, y). */
export function slotPath(slot: number, x: number, y: number, r: number): string {
  if (slot === REFERENCE) return '';
  const p = (dx: number, dy: number): string => `${x + dx * r} ${y + dy * r}`;
  switch (shapeOf(slot)) {
    case 'circle':
      return `M${p(-1, 0)}A${r} ${r} 0 1 1 ${p(1, 0)}A${r} ${r} 0 1 1 ${p(-1, 0)}Z`;
    case 'square':
      return `M${p(-0.9, -0.9)}H${x + 0.9 * r}V${y + 0.9 * r}H${x - 0.9 * r}Z`;
    case 'up':
      return `M${p(0, -1.1)}L${p(1.1, 0.9)}L${p(-1.1, 0.9)}Z`;
    case 'diamond':
      return `M${p(0, -1.2)}L${p(1.2, 0)}L${p(0, 1.2)}L${p(-1.2, 0)}Z`;
    case 'down':
      return `M${p(0, 1.1)}L${p(1.1, -0.9)}L${p(-1.1, -0.9)}Z`;
    case 'plus':
      return `M${p(-1.1, 0)}L${p(1.1, 0)}M${p(0, -1.1)}L${p(0, 1.1)}`;
    case 'hexagon':
      return `M${p(1.1, 0)}L${p(0.55, 0.95)}L${p(-0.55, 0.95)}L${p(-1.1, 0)}L${p(-0.55, -0.95)}L${p(0.55, -0.95)}Z`;
    case 'cross':
      return `M${p(-0.9, -0.9)}L${p(0.9, 0.9)}M${p(0.9, -0.9)}L${p(-0.9, 0.9)}`;
  }
}

/** A slot for each run: those of before keep theirs, the others take the first free one of their kind. */
export function assignSlots(
  runs: readonly { readonly id: string; readonly baseline: boolean }[],
  before: Readonly<Record<string, number>> = {},
): Record<string, number> {
  const slots: Record<string, number> = {};
  const taken = new Set<number>();
  const take = (id: string, slot: number): void => {
    slots[id] = slot;
    taken.add(slot);
  };
  const fits = (slot: number, baseline: boolean): boolean => (slot % COLORS === 0) === baseline;
  for (const { id, baseline } of runs) {
    const kept = before[id];
    if (kept !== undefined && fits(kept, baseline) && !taken.has(kept)) take(id, kept);
  }
  for (const { id, baseline } of runs) {
    if (id in slots) continue;
    let slot = 1;
    while (taken.has(slot) || !fits(slot, baseline)) slot++;
    take(id, slot);
  }
  return slots;
}
