/** The filter text of the Runs screen: `model:bpr ndcg>0.3 tag:good words`. */
import type { Run } from '../../shared/contract.ts';
import { distinctSeeds, spread } from '../../shared/seed-groups.ts';
import { parseMetric } from './metrics.ts';

export interface Filter {
  /** Of a run, or of a group of seeds: words of any of them, figures of their mean over distinct seeds. */
  matches(runs: Run | readonly Run[]): boolean;
  /** What could not be read, in words; null where all is well. */
  problem: string | null;
}

type Test = (runs: readonly Run[]) => boolean;
const ofAny =
  (test: (run: Run) => boolean): Test =>
  (runs) =>
    runs.some(test);

const fields: Record<string, (run: Run) => string[]> = {
  model: (run) => [run.model, run.modelTitle],
  dataset: (run) => [run.dataset, run.datasetName],
  status: (run) => [run.status],
  split: (run) => [run.split?.name ?? run.config.split.name, run.split?.hash ?? ''],
  tag: (run) => run.tags,
  seed: (run) => [String(run.seed)],
  name: (run) => [run.name],
  note: (run) => [run.note],
  group: (run) => [run.group ?? ''],
  is: (run) => [
    run.baseline ? 'baseline' : 'model',
    run.archived ? 'archived' : 'live',
    run.pinned ? 'pinned' : '',
  ],
};

/** Words are joined by "and"; `-word` excludes; a quoted value may hold spaces. */
export function parseFilter(text: string): Filter {
  const tests: Test[] = [];
  let problem: string | null = null;
  for (const token of text.match(/-?(?:[^\s"]|"[^"]*")+/g) ?? []) {
    const negated = token.startsWith('-') && token.length > 1;
    const result = parseToken(negated ? token.slice(1) : token);
    if (typeof result === 'string') problem ??= result;
    else tests.push(negated ? (runs) => !result(runs) : result);
  }
  return {
    matches: (runs) => {
      const group = Array.isArray(runs) ? (runs as readonly Run[]) : [runs as Run];
      return tests.every((test) => test(group));
    },
    problem,
  };
}

function parseToken(token: string): Test | string {
  const compared = /^([\w@/.-]+?)(>=|<=|>|<|=)(.*)$/.exec(token);
  if (compared) {
    const [, name = '', operator = '', right = ''] = compared;
    const value = Number(right);
    if (right === '' || Number.isNaN(value))
      return `${name}${operator} needs a number, as in ${name}${operator}0.3`;
    if (own[name.toLowerCase()])
      return ofAny((run) => compare(own[name.toLowerCase()]?.(run) ?? NaN, operator, value));
    return (runs) => {
      const values = distinctSeeds(runs).flatMap((run) => numberOf(run, name) ?? []);
      return values.length > 0 && compare(spread(values).mean, operator, value);
    };
  }
  const colon = token.indexOf(':');
  if (colon > 0) {
    const name = token.slice(0, colon).toLowerCase();
    const wanted = token
      .slice(colon + 1)
      .replaceAll('"', '')
      .toLowerCase();
    const read = fields[name];
    if (!read) return `There is no field “${name}”. Fields: ${Object.keys(fields).join(', ')}`;
    return ofAny((run) => read(run).some((value) => value.toLowerCase().includes(wanted)));
  }
  const word = token.replaceAll('"', '').toLowerCase();
  return ofAny((run) =>
    [run.name, run.modelTitle, run.datasetName, ...run.tags].some((value) =>
      value.toLowerCase().includes(word),
    ),
  );
}

/** Figures that each run of a group has for itself. */
const own: Record<string, (run: Run) => number> = {
  epoch: (run) => run.epoch,
  seed: (run) => run.seed,
  number: (run) => run.number,
  seconds: (run) => run.seconds.train,
  time: (run) => run.seconds.train,
};

/** A metric (`ndcg` takes K = 10 or the only K there is) or a hyper-parameter. */
function numberOf(run: Run, name: string): number | null {
  const metrics = { ...run.metrics.validation, ...run.metrics.test };
  const key = name.toLowerCase();
  const exact = metrics[name] ?? metrics[key] ?? metrics[`${key}@10`];
  if (exact !== undefined) return exact;
  const same = Object.keys(metrics).find((metric) => parseMetric(metric).base.toLowerCase() === key);
  if (same !== undefined) return metrics[same] ?? null;
  const wanted = Object.keys(run.parameters).find((parameter) => parameter.toLowerCase() === key);
  const value = wanted === undefined ? undefined : run.parameters[wanted];
  return typeof value === 'number' ? value : null;
}

function compare(left: number, operator: string, right: number): boolean {
  if (operator === '>') return left > right;
  if (operator === '<') return left < right;
  if (operator === '>=') return left >= right;
  if (operator === '<=') return left <= right;
  return left === right;
}
