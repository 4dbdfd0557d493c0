/** Charts of a report, each with its data behind it. */
import {
  type ComparisonChart,
  type Looks,
  lorenzChart,
  perUserChart,
  popularityChart,
  tradeOffChart,
  tradeOffMetrics,
} from '../../../shared/comparison/charts.ts';
import { drawChart, type LinesDrawing } from '../../../shared/figures/charts.ts';
import { element, escapeMarkup } from '../../../shared/figures/svg.ts';
import { count, decimal, tickText } from '../../../shared/format.ts';
import { metricTitle, parseMetric } from '../../../shared/metrics/words.ts';
import type { ReportFacts } from './facts.ts';
import { details, section, table } from './markup.ts';
import { pageInk } from './page.ts';
import type { Lead } from './findings.ts';

/** Rows of data that are laid out as a table; more are there as CSV. */
const TABLED = 200;

export function chartsSection(facts: ReportFacts, lead: Lead | null): string {
  const { result, units } = facts;
  const looks: Looks = (id) => units.find((unit) => unit.id === id)?.look;
  const traded = tradeOffMetrics(result);
  const k = parseMetric(result.metric).k ?? 10;
  const wanted = ['coverage', 'novelty', 'seconds'].flatMap(
    (name) =>
      traded.find((key) => key === `${name}@${k}`) ??
      traded.find((key) => parseMetric(key).base === name) ??
      [],
  );
  const charts = [
    ...wanted.map((key) => tradeOffChart(result, key, looks)),
    lead && perUserChart(result, lead.pair, looks),
    popularityChart(result, looks),
    lorenzChart(result, looks),
    ...curveCharts(facts),
  ].filter((chart) => chart !== null);
  return charts.length === 0 ? '' : section('Charts', ...charts.map(figureOf));
}

function figureOf(chart: ComparisonChart): string {
  const named =
    chart.drawing.kind === 'bars' ? 0 : chart.drawing.kind === 'lines' ? chart.drawing.series.length : 0;
  const height = Math.max(260, named * 13 + 50);
  return element(
    'figure',
    {},
    element('h3', {}, escapeMarkup(`${chart.title}: ${chart.about}`)),
    drawChart(chart.drawing, { width: 760, height, font: 'inherit', ink: pageInk }),
    element('figcaption', {}, escapeMarkup(chart.caption)),
    details(`Data, ${count(chart.rows.length)} rows`, dataOf(chart)),
  );
}

function dataOf({ columns, rows }: ComparisonChart): string {
  if (rows.length <= TABLED) return table(columns, rows);
  const field = (value: string | number): string => {
    const text = String(value);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns, ...rows].map((row) => row.map(field).join(','));
  return element('pre', { tabindex: 0 }, escapeMarkup(lines.join('\n')));
}

/** Validation and loss by epoch, a line for each run that has epochs. */
function curveCharts({ units }: ReportFacts): ComparisonChart<LinesDrawing>[] {
  const lines = units.flatMap(({ look, members }) =>
    members
      .filter(({ epochs }) => epochs.length > 1)
      .map(({ run, epochs }) => ({
        label: members.length > 1 ? `${look.label}, seed ${run.seed}` : look.label,
        slot: look.slot,
        epochs,
      })),
  );
  if (lines.length === 0) return [];
  const keys = lines.map(({ epochs }) => Object.keys(epochs[epochs.length - 1].validation));
  const shared = keys[0].find((key) => keys.every((all) => all.includes(key)));
  const chart = (
    title: string,
    value: (epoch: (typeof lines)[number]['epochs'][number]) => number | undefined,
    logY: boolean,
    caption: string,
  ): ComparisonChart<LinesDrawing> => {
    const series = lines.map(({ label, slot, epochs }) => ({
      label,
      slot,
      points: epochs.flatMap((epoch) => {
        const y = value(epoch);
        return y === undefined || !Number.isFinite(y) ? [] : [{ x: epoch.epoch, y }];
      }),
    }));
    const values = series.flatMap(({ points }) => points.map(({ y }) => y));
    return {
      title,
      about: 'by epoch',
      columns: ['run', 'epoch', title],
      rows: series.flatMap(({ label, points }) => points.map(({ x, y }) => [label, x, y])),
      caption,
      drawing: {
        kind: 'lines',
        title: `${title} by epoch`,
        series: series.filter(({ points }) => points.length > 0),
        logY,
        formatX: (x) => String(x),
        formatY: (y) => (logY ? decimal(y, y >= 10 ? 0 : 3) : tickText(y, values)),
        xTitle: 'epoch',
      },
    };
  };
  return [
    ...(shared === undefined
      ? []
      : [
          chart(
            `${metricTitle(shared)}, validation`,
            (epoch) => epoch.validation[shared],
            false,
            'Each epoch as it was evaluated, not smoothed.',
          ),
        ]),
    chart(
      'Training loss',
      (epoch) => epoch.loss,
      true,
      'Losses of different models do not compare in height.',
    ),
  ];
}
