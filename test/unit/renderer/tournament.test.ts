/** What the windows say of a tournament, before, during and after it; on the recorded one where figures matter. */
import { expect, it } from 'vitest';
import type { SweepDetail, SweepEntry, SweepTrial } from '../../../shared/contract.ts';
import { tuningSeconds, unfitReason } from '../../../shared/tournament.ts';
import { planWords } from '../../../renderer/new-run/contest-plan.ts';
import { isSame, likeIt } from '../../../renderer/new-run/same-tournament.ts';
import {
  leadOver,
  bestSoFar,
  budgetText,
  configurationText,
  doingText,
  leaderOf,
  methodText,
  tuningSentence,
  weakest,
} from '../../../renderer/tournament/view.ts';
import { recorded } from '../../windows/recordings.ts';

const detail = recorded
  .filter(({ method }) => method === 'sweeps.get')
  .map(({ result }) => result as SweepDetail)
  .find(({ tournament }) => tournament !== null) as SweepDetail;
const outcome = detail.tournament as NonNullable<SweepDetail['tournament']>;

const trial = (index: number, validation: number | null, more: Partial<SweepTrial> = {}): SweepTrial => ({
  ...{ index, validation, run: null, runs: [], parameters: {}, status: 'finished', epochs: 1 },
  ...{ rungs: [], seconds: 1 },
  ...more,
});
const entry = (model: string, trials: SweepTrial[], best: number | null): SweepEntry => ({
  ...{ model, title: model.toUpperCase(), space: [], search: 'tpe', rungs: [1], trials, seconds: 1 },
  importance: null,
  best: best === null ? null : { index: 0, parameters: {}, validation: best },
});

it('a plan in minutes says what each model gets and when it ends', () => {
  const now = new Date(2026, 10, 28, 14, 20).getTime();
  const facts = { seconds: [1, 2, null, 1], finalSeeds: 3, slots: 2, now };
  const words = planWords({ ...facts, budget: { minutes: 10, trials: null } });
  // Of 600 s the end takes (2 + 4 + 2) × 3 / 2 = 12 s and the margin 12 s: 576 s × 2 at once ÷ 4 models.
  expect(tuningSeconds(600, [2, 2, 2, 4, 4, 4, 0, 0, 0, 2, 2, 2], 2)).toBe(576);
  expect(words[0]).toBe('Each of 4 models gets about 4 m 48 s of tuning, 2 runs at once.');
  expect(words.at(-1)).toBe('It ends by 14:30, whatever comes.');
  const short = planWords({ ...facts, seconds: [40, 40], budget: { minutes: 1, trials: null } });
  expect(short.join(' ')).toContain('left out and named');
});

it('a plan in trials says how long they take at most, and what could not be predicted', () => {
  const facts = { seconds: [2, null], finalSeeds: 1, slots: 1, now: 0 };
  const words = planWords({ ...facts, budget: { minutes: null, trials: 30 } });
  // 30 trials of 2 s, and two trainings of 2 s at the end.
  expect(words.at(-1)).toBe(
    'At most about 1 m 4 s by prediction, 1 model not counted. The same seed gives the same bits.',
  );
});

it('a model that cannot take part says why', () => {
  const data = { timeKind: 'time', implicit: false } as const;
  expect(unfitReason({ kind: 'ranking' }, data, 'ndcg@10')).toBeNull();
  expect(unfitReason({ kind: 'ratings' }, data, null)).toBeNull();
  expect(unfitReason({ kind: 'ratings' }, { ...data, implicit: true }, null)).toContain('needs ratings');
  expect(unfitReason({ kind: 'sequence' }, { ...data, timeKind: 'none' }, null)).toContain('needs times');
  expect(unfitReason({ kind: 'ranking' }, data, 'rmse')).toContain('no ratings');
});

it('the same tournament is recognised by what it asked for, whatever the order', () => {
  const { summary, config } = detail;
  const asked = {
    ...{ dataset: summary.dataset, models: summary.models.toReversed(), metric: summary.metric },
    ...{ minutes: null, trials: summary.budget.trials, finalSeeds: summary.finalSeeds, seed: summary.seed },
    ...{ split: config.split, evaluation: { ...config.evaluation, target: null } },
  };
  expect(likeIt([summary], asked)).toEqual([summary]);
  expect(isSame(detail, asked)).toBe(true);
  expect(isSame(detail, { ...asked, split: { ...config.split, seed: 2 } })).toBe(false);
  for (const other of [{ finalSeeds: 9 }, { seed: 7 }, { trials: 99 }, { models: ['ials'] }])
    expect(likeIt([summary], { ...asked, ...other })).toEqual([]);
  expect(likeIt([{ ...summary, status: 'failed' }], asked)).toEqual([]);
});

it('tells who leads on validation, and that it need not win', () => {
  const entries = [entry('a', [trial(0, 0.2)], 0.2), entry('b', [trial(0, 0.3)], 0.3), entry('c', [], null)];
  expect(leaderOf(entries, 'ndcg@10')?.model).toBe('b');
  expect(leaderOf(entries, 'rmse')?.model).toBe('a');
  expect(tuningSentence(entries, 'NDCG@10', 'ndcg@10')).toBe(
    'B leads on validation NDCG@10 after 2 trials; who leads now need not win the test. C has none yet.',
  );
  expect(tuningSentence([entry('c', [], null)], 'NDCG@10', 'ndcg@10')).toContain('No model has');
});

it('the best so far never gets worse, and trials without a figure leave no point', () => {
  const one = entry('a', [trial(0, 0.2), trial(1, 0.1), trial(2, null), trial(3, 0.4)], 0.4);
  expect(bestSoFar(one, 'ndcg@10')).toEqual([
    { x: 1, y: 0.2 },
    { x: 2, y: 0.2 },
    { x: 4, y: 0.4 },
  ]);
  expect(bestSoFar(one, 'rmse').at(-1)).toEqual({ x: 4, y: 0.1 });
});

it('says what a model is doing, its configuration and the budget', () => {
  expect(doingText(entry('a', [trial(0, 0.2), trial(4, null, { status: 'running', epochs: 12 })], 0.2))).toBe(
    'trial 5, epoch 12',
  );
  expect(doingText(entry('a', [], null))).toBe('waits for its turn');
  expect(configurationText({ embeddingSize: 64, learningRate: 0.051234 }, null)).toBe(
    'embedding size 64, learning rate .0512',
  );
  expect(configurationText({}, null)).toBe('nothing to tune');
  expect(budgetText({ minutes: 1, trials: null })).toBe('1 minute');
  expect(budgetText({ minutes: null, trials: 30 })).toBe('30 trials of each model');
});

it('says by how much the first is ahead of each other, above 0 where more is worse, too', () => {
  const [first, ...others] = outcome.entries;
  expect(leadOver(outcome, first.group ?? '')).toBeNull();
  for (const other of others) {
    const lead = leadOver(outcome, other.group ?? '');
    const ahead = (first.test?.mean ?? 0) - (other.test?.mean ?? 0);
    // Recorded with four digits.
    expect(lead?.ahead).toBeCloseTo(ahead, 3);
    expect(lead?.interval[0]).toBeLessThan(lead?.ahead ?? 0);
  }
  const [, second] = outcome.entries;
  const asError = {
    ...{ ...outcome, metric: 'rmse' },
    pairs: outcome.pairs.map((pair) => ({ ...pair, metric: 'rmse' })),
  };
  const lead = leadOver(outcome, second.group ?? '');
  expect(leadOver(asError, second.group ?? '')?.ahead).toBeCloseTo(-(lead?.ahead ?? 0), 12);
});

it('shows the groups of users on which the first does worst, the worst first', () => {
  const slices = weakest(outcome, 6);
  expect(slices).toHaveLength(6);
  const marked = outcome.slices.find(({ worst }) => worst);
  expect(slices[0].label).toBe(marked?.label);
  expect(slices.map(({ difference }) => difference)).toEqual(
    slices.map(({ difference }) => difference).toSorted((a, b) => a - b),
  );
});

it('names what was tested by its model alone, and the method with its pairs', () => {
  expect(outcome.finals.map(({ label }) => label).sort()).toEqual(
    outcome.entries.map(({ title }) => title).sort(),
  );
  expect(methodText(detail, outcome)).toMatch(
    /^Tuned on validation alone, 2 trials of each model, .* Holm over 3 pairs\. It took/,
  );
});
