/** What was computed, how and where: settings, seeds, data, environment, definitions. */
import { candidateRule } from '../../../shared/compare.ts';
import { metricRows } from '../../../shared/comparison/view.ts';
import { element, escapeMarkup } from '../../../shared/figures/svg.ts';
import { count, date, duration, moment, sentence, words } from '../../../shared/format.ts';
import { metricDefinition, metricSource } from '../../../shared/metrics/words.ts';
import type { ReportFacts } from './facts.ts';
import { details, section, table } from './markup.ts';
import { keyOf } from './findings.ts';

export function configurationSection(facts: ReportFacts): string {
  const { result, units } = facts;
  const heads = units.map(({ id }) => keyOf(facts, id));
  const differences = result.configuration.map(({ name, values }) => [
    sentence(words(name)),
    ...units.map(({ id }) => values.find(({ run }) => run === id)?.value ?? '–'),
  ]);
  const whole = units.map(({ look, members: [{ run }] }) =>
    details(
      `${look.label}: whole configuration`,
      element(
        'pre',
        { tabindex: 0 },
        escapeMarkup(JSON.stringify({ ...run.config, parameters: run.parameters }, null, 2)),
      ),
    ),
  );
  return section(
    'Configuration',
    ...(differences.length > 0 ? [table(['Where they differ', ...heads], differences)] : []),
    ...whole,
  );
}

export function dataSection({ datasets, units }: ReportFacts): string {
  const [{ run }] = units[0].members;
  const { split, evaluation } = run.config;
  const acting = Object.entries(split).map(([name, value]) => `${words(name)} ${String(value)}`);
  return section(
    'Data and protocol',
    table(
      ['Data set', 'Users', 'Items', 'Ratings', 'Time', 'Fingerprint'],
      datasets.map(({ name, users, items, ratings, timeSpan, fingerprint }) => [
        name,
        count(users),
        count(items),
        count(ratings),
        timeSpan ? `${date(timeSpan.from)} to ${date(timeSpan.to)}` : '–',
        fingerprint,
      ]),
    ),
    element(
      'dl',
      {},
      ...pairsOf([
        ['Split', `${run.split?.name ?? split.name}, hash ${run.split?.hash ?? '–'}: ${acting.join(', ')}`],
        ['Candidates', candidateRule(evaluation)],
        ['List lengths', evaluation.k.join(', ')],
      ]),
    ),
  );
}

const pairsOf = (entries: readonly (readonly [string, string])[]): string[] =>
  entries.flatMap(([name, value]) => [
    element('dt', {}, escapeMarkup(name)),
    element('dd', {}, escapeMarkup(value)),
  ]);

/** One line a run: its seed, where and when it was computed, and by what. */
export function runsSection(facts: ReportFacts): string {
  const rows = facts.units.flatMap(({ id, members }) =>
    members.map(({ run }) => {
      const { compute } = run;
      return [
        keyOf(facts, id),
        run.name,
        run.number,
        run.seedless ? 'none' : run.seed,
        run.bestEpoch ?? '–',
        duration(run.seconds.train),
        compute
          ? `${compute.engine}, ${compute.backend} ${compute.version}, ${compute.threads} threads${compute.simd ? ', SIMD' : ''}`
          : '–',
        run.finishedAt === null ? '–' : moment(run.finishedAt),
        [...run.tags, run.note].filter(Boolean).join('; ') || '–',
      ];
    }),
  );
  const versions = Object.entries(facts.versions).map(([name, version]) => [words(name), version] as const);
  return section(
    'Runs, seeds and environment',
    table(
      ['', 'Name', 'Run', 'Seed', 'Best epoch', 'Training', 'Computed by', 'Finished', 'Tags and note'],
      rows,
      {
        right: (column) => column > 1 && column < 6,
        caption: 'Runs',
      },
    ),
    element('h3', {}, 'Versions'),
    element('dl', {}, ...pairsOf([...versions, ['platform', `${process.platform} ${process.arch}`]])),
  );
}

/** What each metric of the tables means. */
export function definitionsSection({ result }: ReportFacts): string {
  const entries = metricRows(result, '', '').flatMap(({ key, title }) => {
    const source = metricSource(key);
    const about = source
      ? [
          element('br', {}),
          element('code', {}, escapeMarkup(source.formula)),
          element('br', {}),
          escapeMarkup(source.reference),
        ]
      : [];
    return [
      element('dt', {}, escapeMarkup(title)),
      element('dd', {}, escapeMarkup(metricDefinition(key)), ...about),
    ];
  });
  return section('Definitions', element('dl', {}, ...entries));
}
