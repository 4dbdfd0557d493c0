import { describe, expect, it } from 'vitest';
import { models } from '../../../main/models/registry.ts';
import { presets } from '../../../main/models/presets.ts';
import { enginesOf } from '../../../main/training/choose-compute.ts';
import { resolveParameters, schemaOf } from '../../../main/model/parameters.ts';
import { engineReasons, loadedEnginesOf } from './engines.ts';
import { modelSuite } from './suite.ts';

describe('the registry', () => {
  it('has every model once, under a name that can be typed', () => {
    expect(new Set(models.map(({ name }) => name)).size).toBe(models.length);
    for (const { name } of models) expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
  });

  it('has models whose defaults are valid and whose parameters say what they do', () => {
    for (const model of models) {
      resolveParameters(model, {});
      const schema = schemaOf(model);
      expect(new Set(schema.map(({ name }) => name)).size).toBe(schema.length);
      for (const parameter of schema)
        expect(parameter.effect, `${model.name}.${parameter.name}`).not.toBe('');
      expect(enginesOf(model).length).toBeGreaterThan(0);
    }
  });

  it('has presets that their models accept', () => {
    expect(new Set(presets.map(({ name }) => name)).size).toBe(presets.length);
    for (const preset of presets) {
      const model = models.find(({ name }) => name === preset.model);
      if (!model) throw new Error(`${preset.name}: no model ${preset.model}`);
      resolveParameters(model, preset.parameters);
    }
  });
});

describe('engines of this machine', () => {
  const text = [...engineReasons].map(([name, reason]) => `${name} ${reason ?? 'loads'}`).join('; ');
  console.log(`Model suite: ${text}`);

  it('include native TensorFlow where it is required', () => {
    if (process.env['WORKBENCH_REQUIRE_NATIVE'] === '1') expect(engineReasons.get('tensorflow')).toBeNull();
  });

  it('include the fused kernels and the back ends that tfjs brings itself', () => {
    for (const engine of ['fused', 'wasm', 'cpu'] as const) expect(engineReasons.get(engine)).toBeNull();
  });
});

for (const model of models) for (const engine of loadedEnginesOf(model)) modelSuite(model, engine);
