import { describe, expect, it } from 'vitest';
import { openPerson, without } from '../../../main/engine/inspect/person.ts';
import type { RunScorer } from '../../../main/engine/inspect/scoring.ts';
import { resolveParameters } from '../../../main/model/parameters.ts';
import type { ModelDefinition, SavedModel } from '../../../main/model/model.ts';
import { models } from '../../../main/models/registry.ts';
import { minimize } from '../../../main/numeric/minimize.ts';
import { randomRatings } from '../../fixtures/random-ratings.ts';
import { loadTensorFlow } from '../../../main/tensorflow/tensorflow.ts';

const train = randomRatings(30, 25, 0.3, 3);
const small = { embeddingSize: 6, epochs: 4, batchSize: 32, layers: '8', mlpEmbeddingSize: 4 };

/** A stored model of a definition, trained for a moment in plain code or on tfjs. */
async function saved(model: ModelDefinition): Promise<SavedModel> {
  const known = Object.fromEntries(
    Object.entries(small).filter(([name]) => model.parameters.some((one) => one.name === name)),
  );
  const parameters = resolveParameters(model, known);
  const context = { train, parameters, seed: 1 };
  const { cpu, tensorflow } = model.factories;
  const trained = cpu
    ? await (
        await cpu()
      )(context)
    : await (
        await (tensorflow as NonNullable<typeof tensorflow>)()
      )(context, await loadTensorFlow('cpu'));
  for (let epoch = 1; epoch <= (model.iterative ? 2 : 1); epoch++)
    await trained.trainEpoch(epoch, () => Promise.resolve());
  const weights = trained.weights();
  trained.dispose();
  return { weights, parameters, train };
}

async function opened(model: ModelDefinition): Promise<RunScorer> {
  const stored = await saved(model);
  return {
    dataset: 1,
    itemCount: train.itemCount,
    userCount: train.userCount,
    scorer: model.scorer(stored),
    model,
    saved: stored,
    rowsOf: new Uint32Array(train.itemCount),
    knows: () => true,
    seen: (user) => new Set(train.item.subarray(train.start[user], train.start[user + 1])),
  };
}

const named = (...names: string[]) => models.filter(({ name }) => names.includes(name));

describe.each(named('itemknn', 'ease', 'ials'))('Reasons of $title', (model) => {
  it('add up to the score, for every user and item', async () => {
    const run = await opened(model);
    for (let user = 0; user < train.userCount; user++) {
      const person = openPerson(run, user);
      const scores = await person.score(person.history);
      for (let item = 0; item < train.itemCount; item++) {
        const found = person.contributions(person.history, item);
        const sum = found?.parts.reduce((total, part) => total + part, found.base);
        expect(Math.abs((sum ?? NaN) - scores[item])).toBeLessThan(1e-5);
      }
    }
  });
});

describe.each(named('itemknn', 'ease', 'autorec', 'caser'))('What-if of $title', (model) => {
  it('gives the stored scores where nothing of the history is changed', async () => {
    const run = await opened(model);
    for (const user of [0, 7, 19]) {
      const person = openPerson(run, user);
      const expected = new Float32Array(train.itemCount);
      await run.scorer.scoreUsers(Uint32Array.of(user), expected);
      const scores = await person.score(person.history);
      scores.forEach((score, item) => expect(score).toBeCloseTo(expected[item], 4));
    }
  });
});

describe.each(named('itemknn', 'ease', 'ials', 'mf', 'bpr', 'autorec', 'caser'))(
  'A rank of $title',
  (model) => {
    it('without an item is that of a fresh scoring without it', async () => {
      const run = await opened(model);
      const person = openPerson(run, 4);
      const left = without(person.history, 1);
      const scores = await person.score(left);
      const gone = person.history.items[1];
      const candidates = Array.from(scores.keys()).filter((item) => !left.items.includes(item));
      expect(candidates).toContain(gone);
      const above = candidates.filter((item) => scores[item] > scores[gone]).length;
      expect(person.rank(scores, left, gone)).toBe(above + 1);
      expect(await person.score(left)).toEqual(scores);
    });
  },
);

describe('Somebody new', () => {
  it('has scores from what they add, where a model needs no row of theirs', async () => {
    const [ease, autorec] = [await opened(named('ease')[0]), await opened(named('autorec')[0])];
    const person = openPerson(ease, null);
    const scores = await person.score({ items: Uint32Array.of(3), values: Float32Array.of(5) });
    expect(scores.some((score) => score !== 0)).toBe(true);
    expect(() => openPerson(autorec, null)).toThrow('none for somebody new');
  });

  it('of a model that keeps users as a whole is refused in words', async () => {
    const run = await opened(named('neumf')[0]);
    expect(() => openPerson(run, 0)).toThrow('do not follow from a history alone');
  });
});

describe('minimize', () => {
  it('finds the minimum of a convex function', () => {
    // ½(x − 3)² + 5(y + 1)²: the minimum is (3, −1).
    const found = minimize(2, (point, gradient) => {
      gradient[0] = point[0] - 3;
      gradient[1] = 10 * (point[1] + 1);
      return 0.5 * (point[0] - 3) ** 2 + 5 * (point[1] + 1) ** 2;
    });
    expect(found[0]).toBeCloseTo(3, 6);
    expect(found[1]).toBeCloseTo(-1, 6);
  });
});
