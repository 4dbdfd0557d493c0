/** Verdict, metrics, pairs and slices of a report. */
import type { CompareResult, Pair } from '../../../shared/compare.ts';
import {
  isClear,
  type MetricRow,
  metricRows,
  orientedPairs,
  pairOf,
  reachOf,
  sliceFor,
  sliceSentence,
} from '../../../shared/comparison/view.ts';
import { shareBar, whisker } from '../../../shared/figures/marks.ts';
import { element, escapeMarkup, marker, picture } from '../../../shared/figures/svg.ts';
import { count, decimal, interval, percent, signed } from '../../../shared/format.ts';
import { metricTitle } from '../../../shared/metrics/words.ts';
import type { ReportFacts } from './facts.ts';
import { type Markup, markup, paragraph, section, table } from './markup.ts';
import { pageInk } from './page.ts';

/** The pair that the report is about, turned so that b is the better. */
export interface Lead {
  readonly a: string;
  readonly b: string;
  readonly pair: Pair;
}

export function leadOf(result: CompareResult): Lead | null {
  const { lead } = result;
  if (!lead) return null;
  const [{ a, b }] = orientedPairs(result, [...lead]);
  const pair = pairOf(result, a, b, result.metric);
  return pair && { a, b, pair };
}

/** A run's mark and short name. */
export function keyOf({ units }: ReportFacts, id: string): Markup {
  const look = units.find((unit) => unit.id === id)?.look;
  if (!look) return markup(escapeMarkup(id));
  const mark = picture(10, 10, '', 'inherit', marker(look.slot, 5, 5, pageInk, 3.5)).replace(
    ' role="img" aria-label=""',
    ' aria-hidden="true"',
  );
  return markup(
    element('span', { class: 'key' }, mark.replace('<title></title>', ''), escapeMarkup(look.label)),
  );
}

const labelIn = (facts: ReportFacts, id: string): string =>
  facts.units.find((unit) => unit.id === id)?.look.label ?? id;

const probability = (value: number): string => (value < 0.001 ? '< .001' : decimal(value, 3));

export function verdictSection(facts: ReportFacts, lead: Lead | null): string {
  const { verdict, notes, differences } = facts.result;
  const parts = [
    element('p', { class: 'verdict' }, element('b', {}, escapeMarkup(verdict.headline))),
    paragraph(verdict.detail),
    paragraph(verdict.method, 'small'),
  ];
  if (lead) {
    const slotOf = (id: string): number => facts.units.find((unit) => unit.id === id)?.look.slot ?? 1;
    const [a, b] = [labelIn(facts, lead.a), labelIn(facts, lead.b)];
    const { better, same, worse } = lead.pair;
    const words = `${b} better for ${percent(better, 0)}, same ${percent(same, 0)}, ${a} better for ${percent(worse, 0)}`;
    parts.push(
      shareBar(lead.pair, { a: slotOf(lead.a), b: slotOf(lead.b) }, words, pageInk),
      paragraph(`${words} of the users.`, 'small'),
    );
  }
  for (const { what, values } of differences) {
    const told = values.map(({ run, value }) => `${labelIn(facts, run)}: ${value}`).join('; ');
    parts.push(paragraph(`Unlike ${what}. ${told}.`));
  }
  if (notes.length > 0)
    parts.push(
      element('h3', {}, 'Notes'),
      element(
        'ul',
        {},
        ...notes.map(({ severity, text }) => element('li', { class: severity }, escapeMarkup(text))),
      ),
    );
  return section('Verdict', ...parts);
}

export function metricsSection(facts: ReportFacts, lead: Lead | null): string {
  const { result, units } = facts;
  const rows = metricRows(result, lead?.a ?? '', lead?.b ?? '');
  const pairTitle = lead ? `${labelIn(facts, lead.b)} − ${labelIn(facts, lead.a)}` : 'Difference';
  const valueOf = (row: MetricRow, index: number): Markup | string => {
    const deviation = result.runs[index].deviations[row.key];
    const spread = deviation === undefined ? '' : ` ± ${decimal(deviation, row.decimals)}`;
    const text = `${decimal(row.values[index], row.decimals)}${spread}`;
    return row.best.includes(index)
      ? markup(element('span', { class: 'best' }, `▸ ${escapeMarkup(text)}`))
      : text;
  };
  const body = rows.map((row) => [
    `${row.title} ${row.arrow}`,
    ...units.map((_, index) => valueOf(row, index)),
    ...(lead
      ? [
          signed(row.difference, row.decimals),
          row.pair ? interval(row.pair.interval) : '–',
          row.pair ? markup(whiskerOf(row.pair, reachOf([row.pair.interval]) * 1.1)) : '',
          row.pair ? probability(row.pair.adjusted) : '–',
        ]
      : []),
  ]);
  const head = [
    'Metric',
    ...units.map(({ id }) => keyOf(facts, id)),
    ...(lead ? [pairTitle, '95 % interval', 'Each on its own scale', 'p, Holm'] : []),
  ];
  return section(
    'Metrics',
    table(head, body),
    paragraph(
      'On test, mean over users; of a group of seeds the mean over them ± their standard deviation. ▸ marks the best.',
      'small',
    ),
  );
}

const whiskerOf = (pair: Pick<Pair, 'difference' | 'interval'>, reach: number): string =>
  whisker(
    pair.difference,
    pair.interval,
    reach,
    `${signed(pair.difference)} ${interval(pair.interval)}`,
    pageInk,
  );

/** All pairs of the verdict's metric, on one scale. */
export function pairsSection(facts: ReportFacts): string {
  const { result } = facts;
  const pairs = orientedPairs(
    result,
    result.runs.map(({ id }) => id),
  ).flatMap(({ a, b }) => pairOf(result, a, b, result.metric) ?? []);
  if (pairs.length < 2) return '';
  const reach = reachOf(pairs.map((pair) => pair.interval));
  return section(
    'Pairs',
    table(
      [
        'Better',
        'Other',
        'Difference',
        '95 % interval',
        `−${decimal(reach, 3)} to +${decimal(reach, 3)}`,
        'p',
        'p, Holm',
        'Better for',
        'Same',
        'Worse for',
      ],
      pairs.map((pair) => [
        keyOf(facts, pair.b),
        keyOf(facts, pair.a),
        signed(pair.difference),
        interval(pair.interval),
        markup(whiskerOf(pair, reach)),
        probability(pair.pValue),
        probability(pair.adjusted),
        percent(pair.better, 0),
        percent(pair.same, 0),
        percent(pair.worse, 0),
      ]),
      { right: (column) => column > 1 },
    ),
    paragraph(
      `${metricTitle(result.metric)}, ${count(pairs.length)} pairs, p after Holm over all of them. Where an interval leaves 0 out and p after Holm does not fall below .05, Holm's correction decides: the pair cannot be told apart.`,
      'small',
    ),
  );
}

export function slicesSection(facts: ReportFacts, lead: Lead | null): string {
  if (!lead) return '';
  const slices = facts.result.slices
    .filter(({ a, b }) => [a, b].includes(lead.a) && [a, b].includes(lead.b))
    .map((slice) => sliceFor(slice, lead.a));
  if (slices.length === 0) return '';
  const reach = reachOf(slices.map((slice) => slice.interval));
  const b = labelIn(facts, lead.b);
  return section(
    'Slices',
    table(
      [
        'Users',
        'Number',
        `${b} − ${labelIn(facts, lead.a)}`,
        '95 % interval',
        `−${decimal(reach, 3)} to +${decimal(reach, 3)}`,
      ],
      slices.map((slice) => [
        slice.worst ? `${slice.label} (worst slice)` : slice.label,
        count(slice.users),
        signed(slice.difference),
        `${interval(slice.interval)}${isClear(slice.interval) ? '' : ' holds 0'}`,
        markup(whiskerOf(slice, reach)),
      ]),
      { marked: (row) => slices[row].worst },
    ),
    paragraph(
      `${metricTitle(facts.result.metric)} by group of users. ${sliceSentence(slices, facts.result.metric, b)}`,
      'small',
    ),
  );
}
