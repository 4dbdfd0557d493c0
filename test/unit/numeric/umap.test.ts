import { describe, expect, it } from 'vitest';
import { Random } from '../../../main/numeric/random.ts';
import { umapPlane } from '../../../main/numeric/umap.ts';

/** Rows that point one of `groups` ways, with a little noise. */
function bundles(groups: number, each: number, k: number): Float32Array {
  const random = new Random(7, 'init');
  const noise = random.fillNormal(new Float32Array(groups * each * k), 0.05);
  return noise.map((value, at) => value + (at % k === Math.floor(at / k / each) ? 1 : 0));
}

function run(table: Float32Array, k: number): { points: Float32Array | null; shares: number[] } {
  const steps = umapPlane(table, k);
  const shares: number[] = [];
  for (;;) {
    const { done, value } = steps.next();
    if (done) return { points: value, shares };
    shares.push(value);
  }
}

describe('UMAP of a table', () => {
  const table = bundles(3, 30, 8);
  const { points, shares } = run(table, 8);

  it('lays rows that point the same way together, and others apart', () => {
    const at = (row: number): [number, number] => [points?.[row * 2] ?? NaN, points?.[row * 2 + 1] ?? NaN];
    const centres = [0, 1, 2].map((group) => {
      const rows = Array.from({ length: 30 }, (_, n) => at(group * 30 + n));
      return [0, 1].map((c) => rows.reduce((sum, point) => sum + point[c], 0) / 30);
    });
    for (let row = 0; row < 90; row++) {
      const far = centres.map(([x, y]) => Math.hypot(at(row)[0] - x, at(row)[1] - y));
      expect(far.indexOf(Math.min(...far))).toBe(Math.floor(row / 30));
    }
  });

  it('tells how far it is, and is the same each time', () => {
    expect(shares.every((share, n) => share > 0 && share <= 1 && share >= (shares[n - 1] ?? 0))).toBe(true);
    expect(shares.at(-1)).toBe(1);
    expect(run(table, 8).points).toEqual(points);
  });

  it('has no neighbourhoods of three rows, and bears rows of zeros and equal ones', () => {
    expect(run(new Float32Array(3 * 4), 4).points).toBeNull();
    const flat = run(new Float32Array(12 * 4), 4).points;
    expect(flat).toHaveLength(24);
    expect(flat?.every(Number.isFinite)).toBe(true);
  });
});
