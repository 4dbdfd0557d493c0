import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { EvaluationConfig, SplitConfig } from '../../../shared/config.ts';
import type { Ratings } from '../../../main/ratings/ratings.ts';
import type { Evaluation, EvaluationRequest } from '../../../main/evaluation/evaluation.ts';
import { SMALLEST_SAMPLE, Validator } from '../../../main/training/validation.ts';
import { toyDefinition } from './toy.ts';

/** Every user has one train and one validation row, but user 0, who has none to validate on. */
function board(userCount: number): { ratings: Ratings; part: Uint8Array } {
  const rows = Uint32Array.from({ length: 2 * userCount }, (_, row) => row);
  const ratings: Ratings = {
    userCount,
    itemCount: 100,
    start: Uint32Array.from({ length: userCount + 1 }, (_, u) => 2 * u),
    item: rows.map((row) => row % 100),
    value: new Float32Array(rows.length).fill(3),
    time: null,
    implicit: false,
    minimum: 1,
    maximum: 5,
  };
  return { ratings, part: Uint8Array.from(rows, (row) => (row > 1 ? row % 2 : 0)) };
}

function validator(
  userCount: number,
  examplesPerEpoch: number,
  iterative = true,
  target = 'rmse',
): { validator: Validator; asked: EvaluationRequest[] } {
  const { ratings, part } = board(userCount);
  const asked: EvaluationRequest[] = [];
  const made = new Validator({
    ratings,
    split: { config: v.parse(SplitConfig, {}), hash: '', part },
    definition: { ...toyDefinition({ trainedOn: [], epochs: [], disposed: 0 }), iterative },
    config: v.parse(EvaluationConfig, {}),
    genres: null,
    rank: undefined,
    examplesPerEpoch,
    parameters: {},
    target,
    evaluate: (request) => {
      asked.push(request);
      const perUser = { values: {}, ratings: new Uint32Array(0) };
      // The loop reads nothing else of an evaluation.
      return Promise.resolve({ metrics: {}, perUser, alarms: [] } as unknown as Evaluation);
    },
  });
  return { validator: made, asked };
}

const scorer = { scoreUsers: () => undefined, predict: () => new Float32Array(0) };
const tick = (): Promise<void> => Promise.resolve();

describe('Validator', () => {
  it('ranks all users of a small data set after each epoch and says nothing of samples', async () => {
    const { validator: small, asked } = validator(500, 1000);
    await small.afterEpoch(scorer, tick);
    expect(small.note).toBeNull();
    expect(asked).toHaveLength(1);
    expect(asked[0].users).toBeUndefined();
    expect(asked[0].want).toEqual({ ratings: true, ranking: true, lists: false });
  });

  it('ranks all users where an epoch is long enough to make that a tenth of it', () => {
    expect(validator(10_000, 1_000_000).validator.note).toBeNull();
  });

  it('ranks one fixed sample of a large data set, predicts all ratings, and names the sample', async () => {
    const { validator: large, asked } = validator(10_000, 20_000);
    await large.afterEpoch(scorer, tick);
    await large.afterEpoch(scorer, tick);
    const [first, rated, second] = asked;
    expect(first.users).toHaveLength(SMALLEST_SAMPLE);
    expect(new Set(first.users).size).toBe(SMALLEST_SAMPLE);
    expect(first.users).not.toContain(0);
    expect([...(first.users ?? [])]).toEqual([...(first.users ?? [])].sort((a, b) => a - b));
    expect(second.users).toEqual(first.users);
    expect(rated.users).toBeUndefined();
    expect(rated.want?.ranking).toBe(false);
    expect(large.note).toContain('2,000 of 9,999 users');
  });

  it('ranks as many more as are ranked at once where a ranking chooses the epoch', () => {
    // 100 items at one operation a score: all users, whatever the length of the epoch.
    expect(validator(10_000, 20_000, true, 'ndcg@10').validator.note).toBeNull();
  });

  it('says nothing of epochs for a model that has none', () => {
    expect(validator(10_000, 20_000, false).validator.note).toBeNull();
  });

  it('ends on all users, with lists', async () => {
    const { validator: large, asked } = validator(10_000, 20_000);
    await large.inFull(scorer, tick);
    expect(asked[0].users).toBeUndefined();
    expect(asked[0].want?.lists).toBe(true);
  });
});
