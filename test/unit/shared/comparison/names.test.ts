import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortNames } from '../../../../shared/comparison/names.ts';

const named = (...names: string[]): string[] =>
  shortNames(names.map((name, at) => ({ name, number: at + 1 })));

describe('names of compared runs', () => {
  it('are those that people gave, where they fit', () => {
    expect(named('iALS k32', 'BPR k16 epochs 6')).toEqual(['iALS k32', 'BPR k16 epochs 6']);
  });
  it('are cut where they are long, at the end or, where that is alike, inside', () => {
    expect(named('A model with a name that nobody can read at a glance', 'B')).toEqual([
      'A model with a name that no…',
      'B',
    ]);
    expect(
      named('BPR embedding size 32 learning rate .05', 'BPR embedding size 32 learning rate .01'),
    ).toEqual(['BPR embedding…ning rate .05', 'BPR embedding…ning rate .01']);
  });
  it('say which run where two have one name', () => {
    expect(named('iALS', 'iALS', 'EASE')).toEqual(['iALS (run 1)', 'iALS (run 2)', 'EASE']);
  });
  it('are never alike and never long', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 80 }), { minLength: 1, maxLength: 30 }), (names) => {
        const short = named(...names);
        for (const name of short)
          expect([...name.replace(/ \(run \d+\)$/, '')].length).toBeLessThanOrEqual(28);
        expect(new Set(short).size).toBe(short.length);
      }),
    );
  });
});
