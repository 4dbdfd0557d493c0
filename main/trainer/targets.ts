/** The metric that chooses the best epoch. */
import type { EvaluationConfig } from '../../shared/config.ts';
import { WorkbenchError } from '../errors.ts';
import type { ModelDefinition } from '../models/model.ts';

/**
 * The target metric of a run, without the prefix of sampled candidates: `rmse` or `ndcg@10` unless configured.
 * @throws WorkbenchError `invalid-target` where the model cannot have it
 */
export function targetOf(
  definition: Pick<ModelDefinition, 'kind'>,
  config: EvaluationConfig,
  implicit: boolean,
): string {
  const rates = definition.kind === 'ratings' && !implicit;
  if (config.target !== null) {
    if (lowerIsBetter(config.target) && !rates)
      throw new WorkbenchError(
        'invalid-target',
        `The target ${config.target} needs predicted ratings, and these scores only rank.`,
        'Choose a ranking figure such as ndcg@10.',
      );
    return config.target;
  }
  if (rates) return 'rmse';
  return `ndcg@${config.k.includes(10) ? 10 : config.k[0]}`;
}

/** Errors fall as a model gets better, everything else that can be a target rises. */
export function isBetter(target: string, value: number, than: number): boolean {
  return lowerIsBetter(target) ? value < than : value > than;
}

export function lowerIsBetter(target: string): boolean {
  return /(^|\/)(rmse|mae)(Clipped)?$/.test(target);
}

/**
 * The value of the target among metrics, under its own name or with the prefix of its candidates (`sampled99/`).
 * @throws WorkbenchError `invalid-target` where there is none
 */
export function valueOf(target: string, metrics: Readonly<Record<string, number>>): number {
  if (target in metrics) return metrics[target];
  const prefixed = Object.keys(metrics).find((name) => name.endsWith(`/${target}`));
  if (prefixed !== undefined) return metrics[prefixed];
  // Left out of the metrics where a prediction is not a number.
  if (lowerIsBetter(target)) return Number.NaN;
  throw new WorkbenchError(
    'invalid-target',
    `The target ${target} is not among the figures taken on validation.`,
    `Choose one of: ${Object.keys(metrics).join(', ') || 'none'}.`,
  );
}
