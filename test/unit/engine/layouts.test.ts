import { expect, it } from 'vitest';
import { Layouts } from '../../../main/engine/inspect/layouts.ts';
import { until } from '../../fixtures/workbench.ts';

const items = 40;
const table = Float32Array.from({ length: items * 4 }, (_, at) => Math.sin(at * at));
const placed = () => ({ table, k: 4 });
const ask = { run: 'r', most: 100, stop: false };

it('lays out the items of a run beside other questions, and keeps the layout', async () => {
  const layouts = new Layouts(placed);
  const first = layouts.ask(ask);
  expect(first).toEqual({ progress: 0, points: null });
  const { points } = await until('the layout', () => {
    const found = layouts.ask(ask);
    return found.points ? found : null;
  });
  expect(points).toHaveLength(items);
  expect(points?.flat().every(Number.isFinite)).toBe(true);
  expect(layouts.ask(ask)).toEqual({ progress: 1, points });
});

it('gives a layout up when told to, and begins anew when it is asked for again', () => {
  const layouts = new Layouts(placed);
  layouts.ask(ask);
  expect(layouts.ask({ ...ask, stop: true })).toEqual({ progress: 0, points: null });
  expect(layouts.ask(ask)).toEqual({ progress: 0, points: null });
});
