/** Ranking, and what the runs serve, in a report. */
import type { Exposure } from '../../../shared/exposure.ts';
import { element, escapeMarkup } from '../../../shared/figures/svg.ts';
import { count, decimal, interval, percent, signed } from '../../../shared/format.ts';
import { metricTitle } from '../../../shared/metrics/words.ts';
import type { ReportFacts } from './facts.ts';
import { keyOf } from './findings.ts';
import { details, paragraph, section, table } from './markup.ts';

/** Who is first, and who cannot be told apart; of two runs the verdict says it. */
export function rankingSection(facts: ReportFacts): string {
  const { ranking, runs, metric } = facts.result;
  if (ranking.order.length < 3) return '';
  const groupsOf = (id: string): string =>
    ranking.bars
      .flatMap((bar, at) => (bar.includes(id) ? [String.fromCharCode(65 + (at % 26))] : []))
      .join(' ');
  return section(
    'Ranking',
    table(
      ['Rank', 'Run', metricTitle(metric), 'Tied with the first', 'Groups that cannot be told apart'],
      ranking.order.map(({ run, rank, tiedWithBest }) => [
        rank,
        keyOf(facts, run),
        decimal(runs.find(({ id }) => id === run)?.metrics[metric]),
        tiedWithBest ? 'yes' : '',
        groupsOf(run),
      ]),
      { right: (column) => column === 2, rowHeads: false },
    ),
    paragraph(
      'Runs that share a letter cannot be told apart from each other, after Holm’s correction.',
      'small',
    ),
  );
}

export function exposureSection(facts: ReportFacts, exposure: Exposure): string {
  const heads = facts.units.map(({ id }) => keyOf(facts, id));
  const byRun = (values: readonly { run: string; value: number | null }[], decimals = 4): string[] =>
    facts.units.map(({ id }) => decimal(values.find(({ run }) => run === id)?.value, decimals));
  const paired = exposure.metrics.some(({ pair }) => pair);
  const groups = exposure.itemGroups.map((group, at) => [
    `${group.label} (${count(group.items)})`,
    percent(group.training),
    percent(group.relevance),
    ...facts.units.map(({ id }) => {
      const of = exposure.exposure.find(({ run }) => run === id)?.groups[at];
      return of ? percent(of.exposure) : '–';
    }),
  ]);
  return section(
    'Fairness and exposure',
    table(
      ['Metric', ...heads, ...(paired ? ['Difference', '95 % interval'] : [])],
      exposure.metrics.map(({ title, better, values, pair }) => [
        `${title} ${better === 'higher' ? '↑' : '↓'}`,
        ...byRun(values),
        ...(paired ? [pair ? signed(pair.difference) : '–', pair ? interval(pair.interval) : '–'] : []),
      ]),
    ),
    element('h3', {}, 'Exposure against relevance'),
    table(['Items', 'Share of training', 'Share of what is to be found', ...heads], groups),
    paragraph(
      `Share of all exposure in the first ${exposure.k}, a place p counting 1 ÷ log₂(p + 1): in proportion where it equals the share of what is to be found (Singh & Joachims, KDD 2018).`,
      'small',
    ),
    element('h3', {}, escapeMarkup(`${metricTitle(exposure.metric)} by group of users`)),
    table(
      ['Users', 'Number', ...heads],
      exposure.userGroups.map(({ label, users, values }) => [label, count(users), ...byRun(values)]),
    ),
    details(
      'Definitions',
      element(
        'dl',
        {},
        ...exposure.metrics.flatMap(({ title, definition, formula, reference }) => [
          element('dt', {}, escapeMarkup(title)),
          element(
            'dd',
            {},
            escapeMarkup(`${definition} `),
            element('code', {}, escapeMarkup(formula)),
            escapeMarkup(` ${reference}`),
          ),
        ]),
      ),
    ),
  );
}
