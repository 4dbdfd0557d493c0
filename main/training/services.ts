import type { TrialServices } from './trial.ts';

/** The models, evaluation and ranking of the workbench. */
export async function defaultServices(): Promise<TrialServices> {
  const [{ findModel }, { evaluate }] = await Promise.all([
    import('../models/registry.ts'),
    import('../evaluation/evaluate.ts'),
  ]);
  return { findModel, evaluate, openRanking };
}

const openRanking: TrialServices['openRanking'] = async (kernels, threads) => {
  const { kernelRanking } = await import('../evaluation/ranking/fused.ts');
  if (kernels) return { rank: kernelRanking(kernels), dispose: () => undefined };
  const { loadKernels } = await import('../kernels/kernels.ts');
  const own = await loadKernels({ threads }).catch(() => null);
  return own && { rank: kernelRanking(own), dispose: () => own.dispose() };
};
