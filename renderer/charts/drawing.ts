/** How a chart tells the figure around it what it draws, so that the figure can be saved as SVG. */
import { getContext, setContext } from 'svelte';
import type { Drawing } from '../../shared/figures/charts.ts';

interface Frame {
  draw: (() => Drawing) | null;
}
const key = Symbol('figure');

/** In a figure: where its chart puts its drawing. */
export function frameDrawing(): Frame {
  return setContext<Frame>(key, { draw: null });
}

/** In a chart: what it draws, asked for when it is saved. */
export function offerDrawing(draw: () => Drawing): void {
  const frame = getContext<Frame | undefined>(key);
  if (frame) frame.draw = draw;
}
