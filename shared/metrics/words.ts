/** Metrics as screens and reports show them: their definitions, and a run's times beside them. */
import {
  metricDefinition as definitionOf,
  metricDirection,
  metricTitle as plainTitle,
  parseMetricKey,
} from './registry.ts';

/** Figures of a run that are no metrics of a test. */
const figures: Record<string, { title: string; definition: string }> = {
  loss: { title: 'Loss', definition: 'The training loss that the model’s equation names.' },
  seconds: { title: 'Train time, s', definition: 'Seconds of training, evaluation left out.' },
};

/** `sampled99/ndcg@10` → its parts. */
export function parseMetric(key: string): { prefix: string; base: string; k: number | null } {
  const { prefix, name, k } = parseMetricKey(key);
  return { prefix, base: name, k };
}

/** ndcg@10 → "NDCG@10"; novelty@10 → "Novelty@10, bits"; sampled99/hr@10 → "HR@10 (sampled99)". */
export function metricTitle(key: string): string {
  const unit = definitionOf(key)?.unit === 'bits' ? ', bits' : '';
  return figures[key]?.title ?? plainTitle(key) + unit;
}

/** What the metric means, with its K and candidates. */
export function metricDefinition(key: string): string {
  const { prefix, k } = parseMetric(key);
  const text = withK(definitionOf(key)?.definition, k) ?? figures[key]?.definition ?? '';
  return prefix ? `${text} Over ${prefix} candidates only; never compare it with full ranking.` : text;
}

/** The metric's formula and where it is from; null for what is no metric. */
export function metricSource(key: string): { formula: string; reference: string } | null {
  const found = definitionOf(key);
  return found
    ? { formula: withK(found.formula, parseMetric(key).k) ?? '', reference: found.reference }
    : null;
}

function withK(text: string | undefined, k: number | null): string | undefined {
  return k === null ? text : text?.replace(/\bK\b/g, String(k));
}

/** Whether it is taken by user, so that runs are compared by it. */
export function isPerUser(key: string): boolean {
  return definitionOf(key)?.perUser ?? false;
}

/** 1 where more is better, −1 where less is. */
export function direction(key: string): 1 | -1 {
  return key in figures ? -1 : metricDirection(key);
}

export function arrow(key: string): string {
  return direction(key) > 0 ? '↑' : '↓';
}

export function isBetter(key: string, value: number, than: number): boolean {
  return direction(key) * (value - than) > 0;
}
