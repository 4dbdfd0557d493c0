/** What a reader of the figures should know before believing them. */
import { endedAtItsBest } from '../../../shared/last-epoch.ts';
import { configurationKey } from '../../../shared/run-identity.ts';
import type { CompareResult, Pair } from '../../../shared/compare.ts';
import { metricDefinition, metricTitle, parseMetricKey } from '../../../shared/metrics/registry.ts';
import { type ComparedData, type ComparedRun, type RunFacts } from './compared.ts';
import { membersOf } from './groups.ts';
import { NORMAL } from '../statistics/paired.ts';
import { easyUserNotes } from '../metrics/easy-users.ts';
import type { SliceResult } from './slices.ts';
import { isSignificant, points, signed } from './verdict.ts';

type Note = CompareResult['notes'][number];

export interface HonestyFacts {
  readonly runs: readonly ComparedRun[];
  readonly siblings: readonly RunFacts[];
  readonly metric: string;
  readonly pairs: readonly Pair[];
  readonly data: ComparedData | null;
  readonly worst: SliceResult['worst'];
  readonly seedNoise: number | null;
  readonly forced: boolean;
  readonly label: (run: string) => string;
}

/** Notes, the gravest first. */
export function honestyNotes(facts: HonestyFacts): Note[] {
  const notes = [
    ...forced(facts),
    ...constantScores(facts),
    ...sampled(facts),
    ...easyUsers(facts),
    ...unequalTuning(facts),
    ...endedEarly(facts),
    ...missingBaseline(facts),
    ...diversityBasis(facts),
    ...unpairedUsers(facts),
    ...seeds(facts),
    ...seedsLeftOut(facts),
    ...repeatedSeeds(facts),
    ...worstSlice(facts),
    ...(facts.data?.leakage ?? []).map(({ code, text, grave }): Note => ({
      code,
      severity: grave ? 'warning' : 'info',
      text,
    })),
  ];
  const order = { error: 0, warning: 1, info: 2 };
  return notes.sort((a, b) => order[a.severity] - order[b.severity]);
}

function forced({ forced }: HonestyFacts): Note[] {
  const text = 'The runs have unlike data, splits or candidates: their metrics do not compare.';
  return forced ? [{ code: 'incomparable', severity: 'error', text }] : [];
}

/** From the tie rate: 1 is a constant scorer, a few hundredths are worth knowing. */
function constantScores({ runs, label }: HonestyFacts): Note[] {
  return runs.flatMap(({ run }): Note[] => {
    const key = Object.keys(run.metrics.test).find((name) => parseMetricKey(name).name === 'tieRate');
    const rate = key === undefined ? 0 : run.metrics.test[key];
    if (rate >= 0.99)
      return [
        {
          code: 'constant-scores',
          severity: 'error',
          text: `${label(run.id)} ties every test item with other candidates: its scores say little or nothing.`,
        },
      ];
    if (rate < 0.05) return [];
    const text = `${label(run.id)} ties ${Math.round(100 * rate)} % of the test items with other candidates; they count by expectation.`;
    return [{ code: 'ties', severity: 'info', text }];
  });
}

function sampled({ metric }: HonestyFacts): Note[] {
  const { prefix } = parseMetricKey(metric);
  if (!prefix) return [];
  const text = `${metricTitle(metric)} is over few candidates: such metrics may order models otherwise than full ranking does (Krichene & Rendle, 2020).`;
  return [{ code: 'sampled-metrics', severity: 'warning', text }];
}

/** Users on whom no model can fail, or hardly. */
function easyUsers({ data, runs, metric }: HonestyFacts): Note[] {
  if (!data?.ranked || metricDefinition(metric)?.family === 'ratings') return [];
  const { prefix, k } = parseMetricKey(metric);
  const cuts = k === null ? runs[0].run.config.evaluation.k : [k];
  return easyUserNotes(data.ranked, data.ratings, cuts, prefix).map((text) => ({
    code: 'easy-users',
    severity: 'warning',
    text,
  }));
}

/** Configurations of a model that were tried on this data set and split, seeds not counted. */
function unequalTuning({ runs, siblings, label }: HonestyFacts): Note[] {
  const trials = new Map<string, Set<string>>();
  for (const run of [...siblings, ...runs.map((r) => r.run)]) {
    if (run.baseline) continue;
    const tried = trials.get(run.model) ?? new Set<string>();
    trials.set(run.model, tried.add(configurationKey(run)));
  }
  const counted = runs
    .filter(({ run }) => !run.baseline)
    .map(({ run }) => ({ run, tried: trials.get(run.model)?.size ?? 1 }));
  if (counted.length < 2) return [];
  const least = counted.reduce((a, b) => (b.tried < a.tried ? b : a));
  const most = counted.reduce((a, b) => (b.tried > a.tried ? b : a));
  if (most.tried < 2 * least.tried) return [];
  const count = (n: number): string => (n === 1 ? '1 trial' : `${n} trials`);
  const text = `${label(least.run.id)} had ${count(least.tried)} and ${label(most.run.id)} ${most.tried}, so it may be undertuned.`;
  return [{ code: 'unequal-tuning', severity: 'warning', text }];
}

function missingBaseline({ runs, siblings }: HonestyFacts): Note[] {
  if (runs.some(({ run }) => run.baseline)) return [];
  const trained = siblings.find((run) => run.baseline);
  const text = trained
    ? `No baseline is compared. Add ${trained.name} to see what the models gain.`
    : 'No baseline was trained on this split. Train Popularity or Bias to see what the models gain.';
  return [{ code: 'missing-baseline', severity: 'warning', text }];
}

function diversityBasis({ metric, data }: HonestyFacts): Note[] {
  if (parseMetricKey(metric).name !== 'diversity' || data?.genres) return [];
  const text =
    "Without genres, diversity is measured by each model's own factors and does not compare between models.";
  return [{ code: 'diversity-by-factors', severity: 'warning', text }];
}

function unpairedUsers({ runs, pairs, metric }: HonestyFacts): Note[] {
  const most = Math.max(...runs.map(({ perUser }) => perUser.users.length));
  const least = Math.min(...pairs.filter((pair) => pair.metric === metric).map((pair) => pair.users));
  if (!Number.isFinite(least) || least === most) return [];
  const text = `${(most - least).toLocaleString('en')} of ${most.toLocaleString('en')} users have no value in both runs and are left out of the pairs.`;
  return [{ code: 'unpaired-users', severity: 'info', text }];
}

/** A run that was still getting better is not what its model can do. */
function endedEarly({ runs, label }: HonestyFacts): Note[] {
  return runs.flatMap((compared): Note[] => {
    const ended = membersOf(compared).filter(({ run: { bestEpoch = null, epochs = 0, metrics } }) =>
      endedAtItsBest({ bestEpoch, epochs, metrics }),
    );
    if (ended.length === 0) return [];
    const { epochs } = ended[0].run;
    const which = ended.length === 1 ? '' : ` in ${ended.length} of its runs`;
    const text = `The best epoch of ${label(compared.run.id)} was the last one${which}, ${epochs} of ${epochs}: more epochs may do better (Continue training).`;
    return [{ code: 'last-epoch', severity: 'warning', text }];
  });
}

function seeds({ seedNoise, runs }: HonestyFacts): Note[] {
  const seeded = runs.filter(({ run }) => !run.seedless);
  if (seedNoise !== null || seeded.length === 0) return [];
  const which = seeded.length === runs.length ? 'every configuration' : 'every model that has seeds';
  const text = `Seed noise is unknown: ${which} was trained with one seed.`;
  return [{ code: 'one-seed', severity: 'info', text }];
}

/** Seeds that were chosen among more may have been chosen for their figures. */
function seedsLeftOut({ runs, siblings, label }: HonestyFacts): Note[] {
  return runs.flatMap((compared): Note[] => {
    const { run } = compared;
    if (run.seedless) return [];
    const taken = new Set(membersOf(compared).map((member) => member.run.seed));
    const key = configurationKey(run);
    const known = new Set(
      siblings.filter((other) => configurationKey(other) === key).map(({ seed }) => seed),
    );
    const more = [...known].filter((seed) => !taken.has(seed)).length;
    if (more === 0 || runs.some((other) => other !== compared && configurationKey(other.run) === key))
      return [];
    const text = `${label(run.id)} was trained with ${taken.size + more} seeds, of which ${taken.size} ${taken.size === 1 ? 'is' : 'are'} compared here: compare by group to take them all.`;
    return [{ code: 'seeds-left-out', severity: 'warning', text }];
  });
}

function repeatedSeeds({ runs, label }: HonestyFacts): Note[] {
  return runs.flatMap(({ run, group }): Note[] => {
    const more = group ? group.runs.length - group.members.length : 0;
    if (more === 0) return [];
    const what = run.seedless ? 'draws nothing at random' : 'has seeds that were trained more than once';
    const text = `${label(run.id)} ${what}: ${more} of its ${group?.runs.length} runs ${more === 1 ? 'repeats another and does' : 'repeat others and do'} not count.`;
    return [{ code: 'repeated-seeds', severity: 'info', text }];
  });
}

function worstSlice({ worst, pairs, metric, label }: HonestyFacts): Note[] {
  if (!worst) return [];
  const { slice, interval, certain, looked } = worst;
  const pair = pairs.find((p) => p.metric === metric && p.a === slice.a && p.b === slice.b);
  const better = metricDefinition(metric)?.better === 'lower' ? -1 : 1;
  const winner = (pair?.difference ?? 0) * better >= 0 ? slice.b : slice.a;
  // In the direction of the verdict: the winner's value minus the other's.
  const [low, high] = winner === slice.b ? interval : [-interval[1], -interval[0]];
  const difference = winner === slice.b ? slice.difference : -slice.difference;
  const figures = `${signed(difference)} [${points(low)}, ${points(high)}]`;
  const group = `${slice.label} (${slice.users.toLocaleString('en')} users)`;
  const how = slice.method === NORMAL ? '' : `, ${slice.method}`;
  const tail = `interval for the worst of ${looked} slices${how}`;
  if (certain) {
    const text = `${label(winner)} is worse for ${group}: ${figures}, ${tail}.`;
    return [{ code: 'worst-slice', severity: 'warning', text }];
  }
  const what = pair && isSignificant(pair) ? `${label(winner)} gains least on` : 'Worst slice:';
  return [{ code: 'worst-slice', severity: 'info', text: `${what} ${group}: ${figures}, ${tail}.` }];
}
