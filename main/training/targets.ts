/** The metric that chooses the best epoch. */
import type { EvaluationConfig } from '../../shared/config.ts';
import { metricDefinition, metrics, metricDirection, parseMetricKey } from '../../shared/metrics/registry.ts';
import { WorkbenchError } from '../base/errors.ts';
import type { ModelDefinition } from '../model/model.ts';

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
    assertTaken(config.target, config.k);
    if (isRatingError(config.target) && !rates)
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

/** @throws WorkbenchError `invalid-target` where validation takes no such figure after an epoch */
function assertTaken(target: string, cuts: readonly number[]): void {
  const { k } = parseMetricKey(target);
  const definition = metricDefinition(target);
  const fits =
    k === null ? definition?.lengths !== 'cut' : definition?.lengths !== 'whole' && cuts.includes(k);
  if (definition && definition.family !== 'lists' && fits) return;
  const taken = metrics
    .filter(({ family }) => family !== 'lists')
    .flatMap(({ name, lengths }) => [
      ...(lengths === 'whole' ? [] : cuts.map((at) => `${name}@${at}`)),
      ...(lengths === 'cut' ? [] : [name]),
    ]);
  throw new WorkbenchError(
    'invalid-target',
    `The target ${target} is not among the figures taken on validation.`,
    `Choose one of: ${taken.join(', ')}.`,
  );
}

/** Errors and tie rates fall as a model gets better, other targets rise. */
export function isBetter(target: string, value: number, than: number): boolean {
  return metricDirection(target) * (value - than) > 0;
}

/** Whether a target needs predicted ratings. */
export function isRatingError(target: string): boolean {
  return metricDefinition(target)?.family === 'ratings';
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
  if (isRatingError(target)) return Number.NaN;
  if (Object.keys(metrics).length === 0)
    throw new WorkbenchError(
      'nothing-positive',
      'No row of the validation part counts as positive, so no epoch is better than another.',
      'Lower the threshold of positive ratings, or train without validation.',
    );
  throw new WorkbenchError(
    'invalid-target',
    `The target ${target} is not among the figures taken on validation.`,
    `Choose one of: ${Object.keys(metrics).join(', ')}.`,
  );
}
