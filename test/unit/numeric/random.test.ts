import { describe, expect, it } from 'vitest';
import { Random } from '../../../main/numeric/random.ts';

describe('Random', () => {
  it('draws the same numbers from the same seed and purpose, and others from another', () => {
    const draws = (seed: number, purpose: 'init' | 'shuffle'): number[] => {
      const random = new Random(seed, purpose);
      return Array.from({ length: 5 }, () => random.uint32());
    };
    expect(draws(1, 'init')).toEqual(draws(1, 'init'));
    expect(draws(1, 'init')).not.toEqual(draws(2, 'init'));
    expect(draws(1, 'init')).not.toEqual(draws(1, 'shuffle'));
  });

  it('goes on from a stored state where it was', () => {
    const random = new Random(7, 'negatives');
    random.next();
    const state = random.state();
    const expected = [random.uint32(), random.normal(), random.below(10)];
    const other = new Random(0, 'init');
    other.restore(state);
    expect([other.uint32(), other.normal(), other.below(10)]).toEqual(expected);
  });

  it('fills with what so many calls of below give, and goes on from there', () => {
    const [one, other] = [new Random(7, 'split'), new Random(7, 'split')];
    const filled = one.fillBelow(new Uint32Array(1000), 37);
    expect(Array.from(filled)).toEqual(Array.from({ length: 1000 }, () => other.below(37)));
    expect(one.uint32()).toBe(other.uint32());
  });

  it('has the mean and deviation of a uniform and of a normal distribution', () => {
    const random = new Random(3, 'init');
    const n = 100_000;
    let uniform = 0;
    let normal = 0;
    let squares = 0;
    for (let k = 0; k < n; k++) {
      uniform += random.next();
      const z = random.normal();
      normal += z;
      squares += z * z;
    }
    expect(uniform / n).toBeCloseTo(0.5, 2);
    expect(normal / n).toBeCloseTo(0, 1);
    expect(squares / n).toBeCloseTo(1, 1);
  });

  it('permutes: every place is taken once, and every value comes first about as often', () => {
    const random = new Random(5, 'shuffle');
    const first = new Uint32Array(4);
    for (let k = 0; k < 8000; k++) {
      const order = random.permutation(4);
      expect([...order].sort()).toEqual([0, 1, 2, 3]);
      first[order[0]]++;
    }
    for (const count of first) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });
});
