import { WorkbenchError } from '../../base/errors.ts';
import type { ModelDefinition } from '../../model/model.ts';
import { findModel, models } from '../../models/registry.ts';
import type { RunConfig } from '../../../shared/config.ts';

/** The model that a configuration names. @throws WorkbenchError `unknown-model` */
export function modelOf(config: Pick<RunConfig, 'model'>): ModelDefinition {
  const model = findModel(config.model);
  if (model) return model;
  throw new WorkbenchError(
    'unknown-model',
    `There is no model "${config.model}".`,
    `There are: ${models.map(({ name }) => name).join(', ')}.`,
  );
}
