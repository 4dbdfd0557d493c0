import type { Run } from '../../../shared/contract.ts';
import { IMPORTED } from '../../../shared/outside.ts';
import { findModel } from '../../models/registry.ts';
import type { StoredRun } from '../../store/runs.ts';

/** A run with what the registry knows of its model. A model that this version lacks keeps its name. */
export function toRun(run: StoredRun): Run {
  if (run.model === IMPORTED) return importedRun(run);
  const model = findModel(run.model);
  return {
    ...run,
    modelTitle: model?.title ?? run.model,
    kind: model?.kind ?? 'ranking',
    baseline: model?.baseline ?? false,
    seedless: model?.seedless ?? false,
  };
}

/** A run made elsewhere has the title that it was given. */
function importedRun(run: StoredRun): Run {
  const { label, from } = run.parameters;
  const kind = from === 'predictions' ? 'ratings' : 'ranking';
  return { ...run, modelTitle: String(label ?? run.name), kind, baseline: false, seedless: false };
}
