import { join } from 'node:path';
import * as v from 'valibot';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { RunConfig } from '../../../shared/config.ts';
import { predictCosts } from '../../../main/engine/runs/prediction.ts';
import { expectRun } from '../../../main/engine/runs/expectation.ts';
import { findModel, models } from '../../../main/models/registry.ts';
import { openDatabase, type WritableDatabase } from '../../../main/store/database.ts';
import { insertRun, updateRun, writeEpoch } from '../../../main/store/runs.ts';
import { resolveParameters } from '../../../main/model/parameters.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';
import { storeSmall } from '../../fixtures/stored.ts';

const configOf = (embeddingSize: number, seed = 1): RunConfig =>
  v.parse(RunConfig, { model: 'mf', parameters: { embeddingSize, epochs: 10 }, seed });

let database: WritableDatabase;
beforeEach(() => {
  database = openDatabase(join(temporaryFolder(), 'w.db'));
  onTestFinished(() => void database.close());
  const dataset = storeSmall(database);
  const config = configOf(8);
  const model = findModel('mf');
  if (!model) throw new Error('no mf');
  const parameters = resolveParameters(model, config.parameters);
  const key = insertRun(database, {
    ...{ id: 'done', name: 'MF', dataset, fingerprint: 'f00d', config, parameters },
    ...{ target: 'rmse', epochs: 10, group: null, versions: {} },
  });
  for (let epoch = 1; epoch <= 10; epoch++)
    writeEpoch(database, key, { epoch, loss: 1, seconds: 1, validation: {} });
  updateRun(database, key, { status: 'finished', trainSeconds: 10, evaluateSeconds: 0, peakMemoryMb: 90 });
});

describe('the cost of runs', () => {
  it('scales with factors, and is told for every configuration that is asked for', () => {
    const many = Array.from({ length: 60 }, (_, k) => configOf(16, k + 2));
    const costs = predictCosts(database, 'small-id', many);
    expect(costs).toHaveLength(60);
    for (const cost of costs) expect(cost).toMatchObject({ memoryMb: 90, sameAs: null });
    expect(costs[59].seconds).toBeCloseTo(20, 6);
  });

  it('names the run that has these very bits already', () => {
    const costs = predictCosts(database, 'small-id', [configOf(16), configOf(8), configOf(8, 2)]);
    expect(costs.map((cost) => cost.sameAs)).toEqual([null, 'done', null]);
  });

  it('knows the run again where its target is named instead of left to the model', () => {
    const config = configOf(8);
    const named = (target: string) => ({ ...config, evaluation: { ...config.evaluation, target } });
    const costs = predictCosts(database, 'small-id', [named('rmse'), named('mae')]);
    expect(costs.map((cost) => cost.sameAs)).toEqual(['done', null]);
  });

  it('is estimated for a model that never ran, and grows with what it has to do', () => {
    const cost = (parameters: RunConfig['parameters']) =>
      predictCosts(database, 'small-id', [v.parse(RunConfig, { model: 'bpr', parameters })])[0];
    const [few, many] = [cost({ epochs: 10 }), cost({ epochs: 10_000, embeddingSize: 1024 })];
    expect(few).toMatchObject({ sameAs: null, basis: expect.stringContaining('never ran here') as string });
    expect(Number(few.seconds)).toBeGreaterThan(0);
    expect(Number(many.seconds)).toBeGreaterThan(Number(few.seconds));
  });
});

describe('what a run is expected to take before any was timed', () => {
  const ml25m = { users: 162_541, items: 59_047, ratings: 25_000_000 };
  const ml100k = { users: 943, items: 1682, ratings: 100_000 };
  /** Of a computer whose plain code does a thousand million operations a second, with two threads. */
  const expected = (name: string, data: typeof ml25m) => {
    const model = findModel(name);
    if (!model) throw new Error(`no ${name}`);
    return expectRun(model, resolveParameters(model, {}), data, 1e9, 2);
  };

  it('is minutes where it takes minutes', () => {
    for (const model of ['mf', 'bpr', 'ials', 'neumf', 'caser', 'autorec', 'ease'])
      expect(expected(model, ml25m).seconds).toBeGreaterThan(60);
    for (const model of ['mf', 'bpr', 'ials', 'popularity', 'itemknn'])
      expect(expected(model, ml100k).seconds).toBeLessThan(10);
  });

  it('is the memory of matrices of all items where a model has one', () => {
    expect(expected('ease', ml25m).memoryMb).toBeGreaterThan(20_000);
    expect(expected('bpr', ml100k).memoryMb).toBeLessThan(200);
  });

  it('knows every model', () => {
    for (const model of models) {
      const { seconds, memoryMb } = expected(model.name, ml100k);
      expect(seconds).toBeGreaterThan(0.5);
      expect(memoryMb).toBeGreaterThan(90);
    }
  });
});
