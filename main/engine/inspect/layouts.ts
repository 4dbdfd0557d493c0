/** UMAP of the items of a run, computed a little at a time beside other questions, and kept. */
import type { Checked, Result } from '../../../shared/contract.ts';
import { umapPlane } from '../../numeric/umap.ts';

/** Milliseconds of work between two looks at other questions. */
const SLICE = 15;
/** Milliseconds without a question after which a layout is given up: nobody waits for it. */
const PATIENCE = 10_000;
const MOST_KEPT = 20;

interface Layout {
  progress: number;
  points: [number, number][] | null;
  asked: number;
}

/** Where a run places its most rated items, [items, k]. */
type Placed = (run: string, most: number) => { readonly table: Float32Array; readonly k: number };

export class Layouts {
  readonly #placed: Placed;
  /** By run and number of items; the one that was asked last is the last. */
  readonly #layouts = new Map<string, Layout>();

  constructor(placed: Placed) {
    this.#placed = placed;
  }

  /**
   * How far the layout is; the first question begins it, `stop` gives it up. Its points are those of `inspect.map`, in
   * the same order.
   * @throws WorkbenchError where the run places no items
   */
  ask({ run, most, stop }: Checked<'inspect.layout'>): Result<'inspect.layout'> {
    const key = `${run} ${most}`;
    const known = this.#layouts.get(key);
    this.#layouts.delete(key);
    if (stop && !known?.points) return { progress: 0, points: null };
    const layout = known ?? this.#begin(key, run, most);
    layout.asked = Date.now();
    this.#layouts.set(key, layout);
    for (const old of this.#layouts.keys()) if (this.#layouts.size > MOST_KEPT) this.#layouts.delete(old);
    const { progress, points } = layout;
    return { progress, points };
  }

  #begin(key: string, run: string, most: number): Layout {
    const { table, k } = this.#placed(run, most);
    const layout: Layout = { progress: 0, points: null, asked: Date.now() };
    const steps = umapPlane(table, k);
    const goOn = (): void => {
      if (this.#layouts.get(key) !== layout) return;
      if (Date.now() - layout.asked > PATIENCE) {
        this.#layouts.delete(key);
        return;
      }
      for (const until = Date.now() + SLICE; Date.now() < until;) {
        const { done, value } = steps.next();
        if (!done) layout.progress = value;
        else {
          layout.progress = 1;
          layout.points = pairs(value ?? new Float32Array(2 * (table.length / k)));
          return;
        }
      }
      setTimeout(goOn);
    };
    setTimeout(goOn);
    return layout;
  }
}

function pairs(points: Float32Array): [number, number][] {
  return Array.from({ length: points.length / 2 }, (_, row) => [points[row * 2], points[row * 2 + 1]]);
}
