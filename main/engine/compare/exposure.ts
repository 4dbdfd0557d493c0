/** Fairness and exposure of what is compared, from stored lists, ranks and values. */
import type { Exposure } from '../../../shared/exposure.ts';
import { exposureMetrics } from '../../../shared/metrics/exposure.ts';
import { parseMetricKey } from '../../../shared/metrics/registry.ts';
import type { ComparedData, ComparedRun } from '../../evaluation/compare/compare.ts';
import { valueOfGroup } from '../../evaluation/compare/group-value.ts';
import { membersOf } from '../../evaluation/compare/groups.ts';
import {
  exposureOfRun,
  meanOverSeeds,
  pairedDifference,
  type RunExposure,
  Served,
  type ServedRun,
} from '../../evaluation/compare/served.ts';
import { SMALLEST, userGroups } from '../../evaluation/compare/slices.ts';
import { LIST_LENGTH } from '../../evaluation/ranking/ranking.ts';

/** @param ranksOf stored ranks of a run, null where candidates were sampled or given */
export function exposureOf(
  compared: readonly ComparedRun[],
  data: ComparedData,
  metric: string,
  lead: readonly [string, string] | undefined,
  ranksOf: (run: string) => ServedRun['ranks'],
): Exposure {
  const k = Math.min(parseMetricKey(metric).k ?? 10, LIST_LENGTH);
  const { candidates, keepSeen } = compared[0].run.config.evaluation;
  const served = new Served({
    ratings: data.ratings,
    part: data.part,
    keepSeen,
    trainItemsOnly: candidates === 'train',
  });
  const units = compared.map((unit) => {
    const seeds = membersOf(unit).map(({ run, lists }) =>
      exposureOfRun({ lists, ranks: ranksOf(run.id) }, served, k),
    );
    return { id: unit.run.id, seeds };
  });
  return {
    k,
    metrics: exposureMetrics.map(({ name, title, better, unit, definition, formula, reference }) => ({
      key: `${name}@${k}`,
      title: `${title} @${k}`,
      better,
      unit,
      definition: definition.replace(/\bK\b/g, String(k)),
      formula: formula.replace(/\bK\b/g, String(k)),
      reference,
      values: units.map(({ id, seeds }) => ({
        run: id,
        value: mean(seeds.map(({ values }) => values[name])),
      })),
      pair: lead ? pairOf(units, lead, name) : null,
    })),
    itemGroups: served.itemGroups(),
    exposure: units.map(({ id, seeds }) => ({ run: id, groups: meanGroups(seeds) })),
    metric,
    userGroups: userGroups(compared[0].perUser.users, data)
      .map(({ kind, label, holds }) => ({
        kind,
        label,
        users: compared[0].perUser.users.filter(holds).length,
        values: compared.map(({ run, perUser }) => ({
          run: run.id,
          value: valueOfGroup(perUser, metric, holds),
        })),
      }))
      .filter(({ users }) => users >= SMALLEST),
  };
}

function mean(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => value !== null && value !== undefined);
  return known.length === values.length && known.length > 0
    ? known.reduce((sum, value) => sum + value, 0) / known.length
    : null;
}

function meanGroups(seeds: readonly RunExposure[]): Exposure['exposure'][number]['groups'] {
  return seeds[0].groups.map((_, group) => ({
    exposure: mean(seeds.map(({ groups }) => groups[group]?.exposure)) ?? 0,
    shown: mean(seeds.map(({ groups }) => groups[group]?.shown)),
    found: mean(seeds.map(({ groups }) => groups[group]?.found)),
  }));
}

function pairOf(
  units: readonly { readonly id: string; readonly seeds: readonly RunExposure[] }[],
  [a, b]: readonly [string, string],
  name: string,
): Exposure['metrics'][number]['pair'] {
  const [x, y] = [a, b].map((id) => {
    const seeds = units.find((unit) => unit.id === id)?.seeds ?? [];
    const vectors = seeds.flatMap(({ perUser }) => perUser[name] ?? []);
    return vectors.length === seeds.length ? meanOverSeeds(vectors) : null;
  });
  const paired = x && y && pairedDifference(x, y);
  return paired ? { a, b, ...paired } : null;
}
