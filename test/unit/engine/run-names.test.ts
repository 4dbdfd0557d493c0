import * as v from 'valibot';
import { expect, it } from 'vitest';
import { RunConfig } from '../../../shared/config.ts';
import { nameOf } from '../../../main/engine/runs/run-names.ts';
import { findModel } from '../../../main/models/registry.ts';
import { resolveParameters } from '../../../main/model/parameters.ts';

function nameFor(config: { model: string; parameters?: Record<string, unknown>; seed?: number }): string {
  const parsed = v.parse(RunConfig, config);
  const model = findModel(parsed.model);
  if (!model) throw new Error(`no ${parsed.model}`);
  return nameOf(model, resolveParameters(model, parsed.parameters), parsed);
}

it('names a run by its model and what differs, in the words of the form', () => {
  expect(nameFor({ model: 'bpr' })).toBe('BPR');
  expect(nameFor({ model: 'bpr', parameters: { embeddingSize: 16, learningRate: 0.05 }, seed: 3 })).toBe(
    'BPR k16 lr .05 seed 3',
  );
  expect(nameFor({ model: 'mf', parameters: { initialScale: 10 } })).toBe('MF initial scale 10');
  expect(nameFor({ model: 'bpr', parameters: { itemBias: true } })).toBe('BPR item bias on');
});
