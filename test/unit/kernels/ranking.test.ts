import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rankUsers } from '../../../main/evaluation/ranking/rank-users.ts';
import type { RankingTask } from '../../../main/evaluation/ranking/ranking.ts';
import type { Kernels } from '../../../main/kernels/kernels.ts';
import { kernelRanking, openKernelRanking } from '../../../main/evaluation/ranking/fused.ts';
import { factorScorer } from '../../../main/model/factor-scorer.ts';
import type { Scorer } from '../../../main/model/model.ts';
import { testKernels } from '../../fixtures/kernels.ts';

let engines: Kernels[];
beforeAll(async () => {
  engines = await Promise.all([1, 2].map((threads) => testKernels({ threads })));
}, 60_000);
afterAll(() => engines.forEach((engine) => engine.dispose()));

/** Small whole numbers: sums are exact, so every implementation has the same ties. */
function wholeFactors(
  userCount: number,
  itemCount: number,
  k: number,
  seed: number,
  biased: boolean,
): Scorer {
  let x = seed;
  const next = (): number => {
    x = (Math.imul(x, 1103515245) + 12345) & 0x7fffffff;
    return (x >>> 16) % 3;
  };
  const values = (n: number): Float32Array => Float32Array.from({ length: n }, () => next() - 1);
  const itemBias = biased ? values(itemCount) : null;
  return factorScorer({ users: values(userCount * k), items: values(itemCount * k), k, itemBias });
}

interface Case {
  readonly userCount: number;
  readonly itemCount: number;
  readonly k: number;
  readonly seed: number;
  readonly biased: boolean;
  readonly listLength: number;
}

const cases = fc.record<Case>({
  userCount: fc.integer({ min: 1, max: 50 }),
  itemCount: fc.integer({ min: 1, max: 70 }),
  k: fc.integer({ min: 1, max: 9 }),
  seed: fc.integer({ min: 1, max: 1e6 }),
  biased: fc.boolean(),
  listLength: fc.constantFrom(0, 1, 5, 50),
});

/** Every third user is left out; others have 0 … 4 positives, some seen items (one of them twice), one item excluded. */
function taskOf({ userCount, itemCount, seed, listLength }: Case): RankingTask {
  const users: number[] = [];
  const positiveStart = [0];
  const seenStart = [0];
  const positives: number[] = [];
  const seen: number[] = [];
  const excluded = new Uint8Array(itemCount);
  if (itemCount > 5) excluded[seed % itemCount] = 1;
  for (let u = 0; u < userCount; u++) {
    if ((u + seed) % 3 === 0) continue;
    users.push(u);
    for (let i = 0; i < itemCount; i++) {
      const role = (i * 7 + u * 13 + seed) % 11;
      if (excluded[i]) continue;
      if (role === 0 && positives.length - positiveStart[positiveStart.length - 1] < 4) positives.push(i);
      else if (role < 5) seen.push(i, ...(role === 4 ? [i] : []));
    }
    positiveStart.push(positives.length);
    seenStart.push(seen.length);
  }
  return {
    itemCount,
    users: Uint32Array.from(users),
    positiveStart: Uint32Array.from(positiveStart),
    positives: Uint32Array.from(positives),
    seenStart: Uint32Array.from(seenStart),
    seen: Uint32Array.from(seen),
    excluded,
    listLength,
  };
}

describe('ranking by kernels', () => {
  it('is the ranking of the plain code: places, ties, candidates, lists, alarms', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const task = taskOf(one);
        const scorer = wholeFactors(one.userCount, one.itemCount, one.k, one.seed, one.biased);
        const withoutFactors = { scoreUsers: scorer.scoreUsers, predict: scorer.predict };
        const expected = await rankUsers(scorer, task);
        for (const engine of engines) {
          expect(await kernelRanking(engine)(scorer, task)).toEqual(expected);
          expect(await kernelRanking(engine)(withoutFactors, task)).toEqual(expected);
          expect(engine.memory.brokenGuards()).toEqual([]);
          expect(engine.memory.used).toBe(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('counts scores that are not numbers and ranks them last', async () => {
    const scores = Float32Array.of(1, NaN, 3, NaN, 2);
    const scorer: Scorer = {
      scoreUsers: (_users, out) => out.set(scores),
      predict: () => scores,
    };
    const task: RankingTask = {
      itemCount: 5,
      users: Uint32Array.of(0),
      positiveStart: Uint32Array.of(0, 2),
      positives: Uint32Array.of(1, 4),
      seenStart: Uint32Array.of(0, 1),
      seen: Uint32Array.of(2),
      excluded: null,
      listLength: 4,
    };
    const result = await kernelRanking(engines[1])(scorer, task);
    expect(result.notNumbers).toBe(2);
    expect([...result.above]).toEqual([2, 0]);
    expect([...result.equal]).toEqual([1, 0]);
    expect([...result.candidates]).toEqual([4]);
    expect([...(result.lists?.items ?? [])]).toEqual([4, 0, 1, 3]);
  });

  it('stops where the tick says so, and gives its memory back', async () => {
    const one = { userCount: 40, itemCount: 30, k: 4, seed: 3, biased: false, listLength: 5 };
    const scorer = wholeFactors(40, 30, 4, 3, false);
    const cancel = (): Promise<void> => Promise.reject(new Error('cancelled here'));
    await expect(kernelRanking(engines[0])(scorer, taskOf(one), cancel)).rejects.toThrow('cancelled here');
    expect(engines[0].memory.used).toBe(0);
  });

  it('opens kernels of its own for a model of another engine', async () => {
    const opened = await openKernelRanking(null);
    const one = { userCount: 9, itemCount: 30, k: 4, seed: 5, biased: true, listLength: 5 };
    const scorer = wholeFactors(9, 30, 4, 5, true);
    expect(await opened?.rank(scorer, taskOf(one))).toEqual(await rankUsers(scorer, taskOf(one)));
    opened?.dispose();
  });
});
