import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rankUsers } from '../../../main/evaluation/ranking/rank-users.ts';
import type { RankingTask } from '../../../main/evaluation/ranking/ranking.ts';
import { loadKernels, type Kernels } from '../../../main/kernels/kernels.ts';
import { kernelRanking } from '../../../main/evaluation/ranking/fused.ts';
import type { Scorer } from '../../../main/model/model.ts';
import { Random } from '../../../main/numeric/random.ts';
import { scorerOf } from './scorers.ts';

/** Some users of `itemCount` items: up to 9 positives and 20 seen items each, some seen twice, some items excluded. */
function randomTask(random: Random, itemCount: number, listLength: number): RankingTask {
  const users = Uint32Array.from({ length: 37 }, (_, k) => 2 * k + 1);
  const [positiveStart, positives, seenStart, seen]: number[][] = [[0], [], [0], []];
  const excluded = Uint8Array.from({ length: itemCount }, () => (random.next() < 0.1 ? 1 : 0));
  for (let u = 0; u < users.length; u++) {
    const order = [...random.permutation(itemCount)].filter((i) => !excluded[i]);
    positives.push(...order.slice(0, random.below(10)));
    const others = order.slice(10, 10 + random.below(21));
    seen.push(...others, ...others.slice(0, 2));
    positiveStart.push(positives.length);
    seenStart.push(seen.length);
  }
  return {
    itemCount,
    users,
    positiveStart: Uint32Array.from(positiveStart),
    positives: Uint32Array.from(positives),
    seenStart: Uint32Array.from(seenStart),
    seen: Uint32Array.from(seen),
    excluded,
    listLength,
  };
}

describe('ranking by kernels', () => {
  let kernels: Kernels;
  beforeAll(async () => void (kernels = await loadKernels({ threads: 2 })));
  afterAll(() => kernels.dispose());

  it('gives the places, ties and lists of the plain code for any scorer, scores that are not numbers included', async () => {
    const random = new Random(7, 'init');
    for (const itemCount of [33, 64, 257]) {
      const task = randomTask(random, itemCount, 50);
      const scores = Array.from({ length: 80 * itemCount }, () =>
        random.next() < 0.02 ? [NaN, -Infinity][random.below(2)] : random.below(12) - 6,
      );
      const scorer = scorerOf(itemCount, (u, i) => scores[u * itemCount + i]);
      expect(await kernelRanking(kernels)(scorer, task)).toEqual(await rankUsers(scorer, task));
    }
  });

  it('does so for factors, where small whole numbers make their products exact and often equal', async () => {
    const random = new Random(8, 'init');
    for (const [itemCount, k] of [
      [40, 3],
      [131, 8],
      [300, 17],
    ]) {
      const whole = (length: number): Float32Array =>
        Float32Array.from({ length }, () => random.below(5) - 2);
      const factors = { users: whole(80 * k), items: whole(itemCount * k), k, itemBias: whole(itemCount) };
      const score = (u: number, i: number): number => {
        let sum = factors.itemBias[i];
        for (let j = 0; j < k; j++) sum += factors.users[u * k + j] * factors.items[i * k + j];
        return sum;
      };
      const scorer: Scorer = { ...scorerOf(itemCount, score), factors };
      for (const listLength of [0, 10, 50]) {
        const task = randomTask(random, itemCount, listLength);
        expect(await kernelRanking(kernels)(scorer, task)).toEqual(await rankUsers(scorer, task));
      }
    }
  });
});
