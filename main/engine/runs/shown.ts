import type { Run } from '../../../shared/contract.ts';
import { findModel } from '../../models/registry.ts';
import type { StoredRun } from '../../store/runs.ts';

/** A run with what the registry knows of its model. A model that this version lacks keeps its name. */
export function toRun(run: StoredRun): Run {
  const model = findModel(run.model);
  return {
    ...run,
    modelTitle: model?.title ?? run.model,
    kind: model?.kind ?? 'ranking',
    baseline: model?.baseline ?? false,
    seedless: model?.seedless ?? false,
  };
}
