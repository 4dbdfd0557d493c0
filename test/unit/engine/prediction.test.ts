import { join } from 'node:path';
import * as v from 'valibot';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { RunConfig } from '../../../shared/config.ts';
import { predictCosts } from '../../../main/engine/runs/prediction.ts';
import { findModel } from '../../../main/models/registry.ts';
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

  it('is unknown for a model that never ran', () => {
    const [cost] = predictCosts(database, 'small-id', [v.parse(RunConfig, { model: 'bpr' })]);
    expect(cost).toMatchObject({ seconds: null, sameAs: null });
  });
});
