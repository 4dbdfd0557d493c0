import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { evaluate } from '../../../main/evaluation/evaluate.ts';
import { evaluateLists } from '../../../main/evaluation/outside/outside-lists.ts';
import type { ScoredRows } from '../../../main/evaluation/outside/scored-rows.ts';
import { makeSplit } from '../../../main/evaluation/splits/make-split.ts';
import { EvaluationConfig, SplitConfig } from '../../../shared/config.ts';
import { type Line, ratingsOf } from './load.ts';
import { scorerOf } from './scorers.ts';

const rowsOf = (rows: readonly (readonly [user: number, item: number, score: number])[]): ScoredRows => ({
  user: Uint32Array.from(rows, ([user]) => user),
  item: Uint32Array.from(rows, ([, item]) => item),
  score: Float64Array.from(rows, ([, , score]) => score),
  place: Float64Array.from(rows, (_, k) => k),
});

const lines = fc.uniqueArray(fc.tuple(fc.nat(5), fc.nat(14)), {
  minLength: 12,
  maxLength: 60,
  selector: ([user, item]) => user * 100 + item,
});

describe('evaluateLists', () => {
  it('gives what the evaluation of the scorer gives where lists hold every item, however many scores tie', async () => {
    await fc.assert(
      fc.asyncProperty(
        lines,
        fc.array(fc.nat(4), { minLength: 90, maxLength: 90 }),
        fc.constantFrom('all', 'train'),
        fc.boolean(),
        fc.boolean(),
        async (pairs, scores, candidates, keepSeen, refit) => {
          const ratings = ratingsOf(
            pairs.map(([u, i], k): Line => [u, i, 1 + (k % 5), k]),
            6,
            15,
          );
          const split = makeSplit(ratings, v.parse(SplitConfig, { name: 'user-ratio', testShare: 0.4 }));
          const config = v.parse(EvaluationConfig, { candidates, keepSeen, k: [1, 3, 5] });
          const score = (user: number, item: number): number => scores[user * 15 + item];
          const request = { ratings, split, config, refit, genres: null };
          const found = await evaluate({
            ...request,
            ...{ part: 'test', kind: 'ranking', scorer: scorerOf(15, score) },
          });
          const every = Array.from({ length: 90 }, (_, k) => [Math.floor(k / 15), k % 15] as const);
          const { evaluation, complete } = await evaluateLists(
            request,
            rowsOf(every.map(([user, item]) => [user, item, score(user, item)])),
          );
          expect(complete).toBe(true);
          const { above, equal, candidates: among } = found.ranking as NonNullable<typeof found.ranking>;
          expect(evaluation.ranking).toMatchObject({ above, equal, candidates: among });
          expect(evaluation.metrics).toEqual(found.metrics);
          expect(evaluation.perUser.values).toEqual(found.perUser.values);
          expect(evaluation.ranking?.lists).toEqual(found.ranking?.lists);
        },
      ),
    );
  });

  it('takes by hand: two tied places, a test item behind the list, a user without one', async () => {
    // Users 0, 1, 2 hold out item 4, 5, 6; all else is train but items 7, 8, 9 of nobody's.
    const held: Line[] = [
      ...[0, 1, 2].flatMap((user): Line[] => [
        [user, user, 3, 1],
        [user, 4 + user, 3, 2],
      ]),
      [3, 9, 1, 1],
    ];
    const ratings = ratingsOf(held);
    const split = makeSplit(ratings, v.parse(SplitConfig, { name: 'leave-last-out', validation: 'none' }));
    const config = v.parse(EvaluationConfig, { k: [1, 2, 3, 10] });
    const rows = rowsOf([
      // Item 0 was rated before: it is left out, so that 4 and 7 tie for the first place.
      ...([
        [0, 0, 9],
        [0, 4, 5],
        [0, 7, 5],
        [0, 8, 1],
      ] as const),
      ...([
        [1, 7, 3],
        [1, 8, 2],
        [1, 9, 1],
      ] as const),
    ]);
    const figures = await evaluateLists({ ratings, split, config, genres: null }, rows);
    expect(figures).toMatchObject({
      seenRows: 1,
      tiedRows: 2,
      usersWithoutList: 1,
      complete: false,
      longest: 3,
    });
    const { metrics } = figures.evaluation;
    expect(metrics['hr@1']).toBeCloseTo(0.5 / 3, 12);
    expect(metrics['hr@3']).toBeCloseTo(1 / 3, 12);
    expect(metrics['mrr@2']).toBeCloseTo((1 + 1 / 2) / 2 / 3, 12);
    expect(metrics).not.toHaveProperty('hr@10');
    expect(figures.leftOut).toEqual(expect.arrayContaining(['hr@10', 'auc', 'map', 'tieRate']));
  });
});
