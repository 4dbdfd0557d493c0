import { describe, expect, it } from 'vitest';
import type { Parameters } from '../../../shared/config.ts';
import { nothing, openPerson } from '../../../main/engine/inspect/person.ts';
import type { RunScorer } from '../../../main/engine/inspect/scoring.ts';
import { without } from '../../../main/model/left-out.ts';
import { sizeOf } from '../../../main/model/counts.ts';
import { resolveParameters } from '../../../main/model/parameters.ts';
import type { ModelDefinition, SavedModel } from '../../../main/model/model.ts';
import { models } from '../../../main/models/registry.ts';
import { randomRatings } from '../../fixtures/random-ratings.ts';
import { loadTensorFlow } from '../../../main/tensorflow/tensorflow.ts';

const train = randomRatings(30, 25, 0.3, 3);
const small = { embeddingSize: 6, epochs: 4, batchSize: 32, layers: '8', mlpEmbeddingSize: 4 };

/** A stored model of a definition, trained for a moment in plain code or on tfjs. */
async function saved(model: ModelDefinition, changes: Parameters = {}): Promise<SavedModel> {
  const known = Object.fromEntries(
    Object.entries(small).filter(([name]) => model.parameters.some((one) => one.name === name)),
  );
  const parameters = resolveParameters(model, { ...known, ...changes }, sizeOf(train));
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

async function opened(model: ModelDefinition, changes: Parameters = {}): Promise<RunScorer> {
  const stored = await saved(model, changes);
  return {
    dataset: 1,
    itemCount: train.itemCount,
    userCount: train.userCount,
    scorer: model.scorer(stored),
    model,
    saved: stored,
    rowsOf: new Uint32Array(train.itemCount),
    history: model.history?.(stored) ?? null,
    knows: () => true,
    seen: (user) => new Set(train.item.subarray(train.start[user], train.start[user + 1])),
  };
}

const named = (...names: string[]) => models.filter(({ name }) => names.includes(name));
/** Every model, and the forms of it whose histories have code of their own. */
const forms = [
  ...models.map((model) => ({ model, changes: {} })),
  ...named('autorec').map((model) => ({ model, changes: { userBased: true } })),
  ...named('bpr').map((model) => ({ model, changes: { loss: 'hinge' } })),
  ...named('neumf').map((model) => ({ model, changes: { loss: 'bpr' } })),
  ...named('neumf').map((model) => ({ model, changes: { mode: 'gmf' } })),
  ...named('mf').map((model) => ({ model, changes: { biases: false } })),
].map((form) => ({ ...form, called: `${form.model.title} ${JSON.stringify(form.changes)}` }));

describe.each(named('itemknn', 'ease', 'ials', 'bias', 'popularity'))('Reasons of $title', (model) => {
  it('add up to the score, for every user and item', async () => {
    const run = await opened(model);
    for (let user = 0; user < train.userCount; user++) {
      const person = openPerson(run, user);
      const scores = person.score(person.history);
      for (let item = 0; item < train.itemCount; item++) {
        const found = person.contributions(person.history, item);
        const sum = found?.parts.reduce((total, part) => total + part, found.base);
        expect(Math.abs((sum ?? NaN) - scores[item])).toBeLessThan(1e-5);
      }
    }
  });
});

const asStored = ['itemknn', 'ease', 'ials', 'autorec', 'caser', 'neumf', 'bias', 'popularity', 'random'];
describe.each(forms.filter(({ model }) => asStored.includes(model.name)))(
  'What-if of $called',
  ({ model, changes }) => {
    it('gives the stored scores where nothing of the history is changed', async () => {
      const run = await opened(model, changes);
      for (const user of [0, 7, 19]) {
        const person = openPerson(run, user);
        const expected = new Float32Array(train.itemCount);
        await run.scorer.scoreUsers(Uint32Array.of(user), expected);
        // Predictions have what rankings need not: a constant of the user.
        const predicted = await run.scorer.predict(
          new Uint32Array(train.itemCount).fill(user),
          Uint32Array.from({ length: train.itemCount }, (_, item) => item),
        );
        const scores = person.score(person.history);
        scores.forEach((score, item) => expect(score).toBeCloseTo(predicted[item], 4));
      }
    });
  },
);

describe.each(forms)('Reasons of $called', ({ model, changes }) => {
  it('without an item are those of a fresh scoring without it, and so is the rank', async () => {
    const run = await opened(model, changes);
    for (const user of [4, 11]) {
      const person = openPerson(run, user);
      const { history } = person;
      const target = history.items.includes(3) ? 5 : 3;
      for (const { place, score, scores } of person.leftOut(history, target, 50)) {
        const left = without(history, place);
        const fresh = person.score(left);
        expect(score).toBeCloseTo(fresh[target], 4);
        scores().forEach((value, item) => expect(value).toBeCloseTo(fresh[item], 4));
        expect(person.rank(scores(), left, target)).toBe(person.rank(fresh, left, target));
      }
    }
  });

  it('score every item without any of the history as a fresh scoring does', async () => {
    const run = await opened(model, changes);
    for (const user of [4, 11]) {
      const person = openPerson(run, user);
      person.history.items.forEach((_, place) => {
        const fresh = person.score(without(person.history, place));
        person.scoreWithout(person.history, place).forEach((value, item) => {
          expect(Math.abs(value - fresh[item])).toBeLessThan(1e-5);
        });
      });
    }
  });

  it('name every item of a short history, unless the model cannot tell them apart', async () => {
    const run = await opened(model, changes);
    const person = openPerson(run, 4);
    const named = person.leftOut(person.history, 3, 50).map(({ place }) => place);
    expect(new Set(named).size).toBe(named.length);
    if (model.name === 'random') expect(named).toEqual([]);
    else if (model.name === 'caser') expect(named).toHaveLength(Math.min(5, person.history.items.length));
    else expect(named).toHaveLength(person.history.items.length);
  });

  it('can be given to somebody new, whom the items they have tell apart from others', async () => {
    const run = await opened(model, changes);
    const person = openPerson(run, null);
    const of = (item: number) =>
      person.score({ items: Uint32Array.of(item), values: Float32Array.of(train.maximum) });
    expect(of(3).every(Number.isFinite)).toBe(true);
    expect(person.score(nothing).every(Number.isFinite)).toBe(true);
    if (!['popularity', 'random', 'bias'].includes(model.name)) expect(of(3)).not.toEqual(of(8));
  });
});

describe('A rank', () => {
  it('counts the candidates above, without what is in the history', async () => {
    const run = await opened(named('ease')[0]);
    const person = openPerson(run, 4);
    const left = without(person.history, 1);
    const scores = person.score(left);
    const gone = person.history.items[1];
    const candidates = Array.from(scores.keys()).filter((item) => !left.items.includes(item));
    expect(candidates).toContain(gone);
    const above = candidates.filter((item) => scores[item] > scores[gone]).length;
    expect(person.rank(scores, left, gone)).toBe(above + 1);
    expect(person.rank(scores, person.history, gone)).toBeNull();
    expect(person.ranking(scores, left)[above]).toBe(gone);
  });
});

describe('BPR folded in', () => {
  it('ends where its own loss is least, wherever it starts', async () => {
    const run = await opened(named('bpr')[0], { regularization: 0.001 });
    const [own, stranger] = [openPerson(run, 4), openPerson(run, null)];
    const scores = own.score(own.history);
    stranger.score(own.history).forEach((score, item) => expect(score).toBeCloseTo(scores[item], 5));
  });
});

describe('A model without histories', () => {
  it('is refused in words', async () => {
    const run = await opened(named('ease')[0]);
    expect(() => openPerson({ ...run, history: null }, 0)).toThrow('cannot be computed from a history');
  });
});
