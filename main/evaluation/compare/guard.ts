/** What is unlike between runs: what forbids to compare them, and what they were configured with. */
import { candidateRule, type CompareResult } from '../../../shared/compare.ts';
import type { RunFacts } from './compared.ts';

type Difference = CompareResult['differences'][number];

/** Data, split and candidates, where they are unlike: metrics then do not compare. */
export function incomparable(runs: readonly RunFacts[]): Difference[] {
  const unlike = (
    what: string,
    key: (run: RunFacts) => string,
    value: (run: RunFacts) => string,
  ): Difference[] =>
    new Set(runs.map(key)).size < 2
      ? []
      : [{ what, values: runs.map((run) => ({ run: run.id, value: value(run) })) }];
  const split = (run: RunFacts): string => (run.split ? `${run.split.name} ${run.split.hash}` : 'none');
  const candidates = (run: RunFacts): string => candidateRule(run.config.evaluation);
  return [
    ...unlike(
      'data set',
      (run) => run.fingerprint,
      (run) => `${run.datasetName} ${run.fingerprint}`,
    ),
    ...unlike('split', (run) => run.split?.hash ?? 'none', split),
    ...unlike('candidates', candidates, candidates),
  ];
}

/** Hyper-parameters and settings whose values are unlike, the model first. @param seeds of each run or group */
export function configurationDifferences(
  runs: readonly RunFacts[],
  seeds: readonly (readonly number[])[] = runs.map(({ seed }) => [seed]),
): CompareResult['configuration'] {
  const flat = runs.map((run, k) => settingsOf(run, seeds[k]));
  const names = [...new Set(flat.flatMap((settings) => Object.keys(settings)))];
  return names
    .filter((name) => new Set(flat.map((settings) => settings[name])).size > 1)
    .map((name) => ({ name, values: runs.map((run, k) => ({ run: run.id, value: flat[k][name] ?? '–' })) }));
}

function settingsOf(run: RunFacts, seeds: readonly number[]): Record<string, string> {
  const { split, evaluation, refit } = run.config;
  const settings: Record<string, unknown> = {
    model: run.modelTitle,
    ...run.parameters,
    seed: seeds.join(', '),
    refit,
    compute: run.compute?.engine ?? '–',
  };
  for (const [name, value] of Object.entries(split)) settings[`split.${name}`] = value;
  for (const [name, value] of Object.entries(evaluation)) settings[`evaluation.${name}`] = value;
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
}
