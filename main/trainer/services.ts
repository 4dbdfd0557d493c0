import type { TrialServices } from './trial.ts';

/** The models, evaluation and ranking of the workbench. */
export async function defaultServices(): Promise<TrialServices> {
  const [{ findModel }, { evaluate }] = await Promise.all([
    import('../models/registry.ts'),
    import('../evaluation/evaluate.ts'),
  ]);
  return { findModel, evaluate, openRanking: () => Promise.resolve(null) };
}
