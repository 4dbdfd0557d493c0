import * as v from 'valibot';
import { EvaluationConfig, RunConfig, SplitConfig } from '../../../shared/config.ts';
import type { Handlers, ModelInfo } from '../../../shared/contract.ts';
import type { ModelDefinition } from '../../model/model.ts';
import { presets, type ModelPreset } from '../../models/presets.ts';
import { models } from '../../models/registry.ts';
import { schemaOf } from '../../model/parameters.ts';

/** A preset as the configuration that it stands for. */
export function configOf(preset: ModelPreset): RunConfig {
  return v.parse(RunConfig, {
    model: preset.model,
    preset: preset.name,
    parameters: preset.parameters,
    split: v.parse(SplitConfig, preset.split),
    evaluation: v.parse(EvaluationConfig, preset.evaluation),
    refit: preset.refit,
  });
}

function infoOf(model: ModelDefinition): ModelInfo {
  const { name, title, kind, baseline, iterative, summary, goodWhen, cost, equation, reference } = model;
  return {
    name,
    title,
    kind,
    baseline,
    iterative,
    summary,
    goodWhen,
    cost,
    equation,
    reference,
    parameters: [...schemaOf(model)],
    presets: presets
      .filter((preset) => preset.model === name)
      .map((preset) => ({
        name: preset.name,
        title: preset.title,
        source: `${preset.source}. ${preset.dataset}. ${preset.expected}`,
        config: configOf(preset),
      })),
  };
}

export function modelHandlers(): Pick<Handlers, 'models.list'> {
  return { 'models.list': () => models.map(infoOf) };
}
