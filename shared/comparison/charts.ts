/** The charts of a comparison: what each shows, its data as a table, and its sentence. Windows and reports draw these. */
import type { CompareResult, Pair } from '../compare.ts';
import type { BarsDrawing, Drawing, DotsDrawing, LinesDrawing } from '../figures/charts.ts';
import { paretoFront } from '../figures/layout.ts';
import { REFERENCE } from '../figures/slots.ts';
import { axisCount, listing, plain, percent, signed } from '../format.ts';
import { sortMetricKeys } from '../metrics/registry.ts';
import { direction, metricTitle, parseMetric } from '../metrics/words.ts';
import { axisDirection, axisTitle, costAxes } from './cost-axes.ts';
import { distributionSentence } from './view.ts';

/** How a run is shown: its short name and its slot. */
export interface Look {
  readonly label: string;
  readonly slot: number;
}
/** The looks of the compared runs; undefined for one that is not shown. */
export type Looks = (id: string) => Look | undefined;

const lookOf = ({ label, slot }: Look): Look => ({ label, slot });

export interface ComparisonChart<D extends Drawing = Drawing> {
  readonly title: string;
  readonly about: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly caption: string;
  readonly drawing: D;
}

/** What accuracy may be traded for: metrics of lists that the runs have, and what the runs cost. */
export function tradeOffMetrics(result: Pick<CompareResult, 'runs'>): string[] {
  const keys = new Set(result.runs.flatMap((run) => Object.keys(run.metrics)));
  const traded = ['coverage', 'novelty', 'gini', 'popularityLift', 'diversity', 'longTail'];
  const costs = costAxes.filter(({ of }) => result.runs.some((run) => of(run) !== null));
  return [
    ...sortMetricKeys([...keys].filter((key) => traded.includes(parseMetric(key).base))),
    ...costs.map(({ key }) => key),
  ];
}

/** The metric of the verdict against another. */
export function tradeOffChart(
  result: Pick<CompareResult, 'runs' | 'metric'>,
  x: string,
  looks: Looks,
): ComparisonChart<DotsDrawing> | null {
  const points = result.runs.flatMap((run) => {
    const cost = costAxes.find(({ key }) => key === x);
    const at = cost ? cost.of(run) : run.metrics[x];
    const y = run.metrics[result.metric];
    const look = looks(run.id);
    return at === undefined || at === null || y === undefined || !look
      ? []
      : [{ x: at, y, id: run.id, ...lookOf(look) }];
  });
  if (points.length < 2) return null;
  const front = paretoFront(
    points.map((point) => ({ x: point.x * axisDirection(x), y: point.y * direction(result.metric) })),
  );
  const best = front.map((index) => points[index].label);
  const beaten = points.filter((_, index) => !front.includes(index)).map(({ label }) => label);
  const [xTitle, yTitle] = [axisTitle(x), metricTitle(result.metric)];
  const rest =
    beaten.length > 0 ? `; ${some(beaten)} ${beaten.length === 1 ? 'is' : 'are'} beaten on both` : '';
  return {
    title: 'Trade-off',
    about: `${yTitle} against ${xTitle}`,
    columns: ['run', xTitle, yTitle],
    rows: points.map((point) => [point.label, point.x, point.y]),
    caption: `${some(best)} ${best.length === 1 ? 'is' : 'form'} the front${rest}.`,
    drawing: {
      kind: 'dots',
      title: `${yTitle} against ${xTitle}`,
      points,
      front,
      xTitle,
      yTitle,
      formatX: axisFigure,
      formatY: axisFigure,
    },
  };
}

/** A tick: 0, .05, 1.5, 20. */
function axisFigure(value: number): string {
  return plain(Number(value.toPrecision(3))).replace(/^(−?)0\./, '$1.');
}

/** The first four, and how many more there are. */
function some(names: readonly string[]): string {
  return names.length <= 5 ? listing(names) : `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`;
}

export interface DifferenceBar {
  readonly low: number;
  readonly high: number;
  readonly users: number;
}

/**
 * Users by their difference b − a, those without one counted apart: bars of the leading pair, turned round where `pair`
 * is. Null where the comparison holds the bars of another pair.
 */
export function differenceBars(result: CompareResult, pair: Pair): DifferenceBar[] | null {
  const { distribution, lead } = result;
  if (!distribution || distribution.counts.length === 0) return null;
  if (!lead?.includes(pair.a) || !lead.includes(pair.b)) return null;
  const bars = distribution.counts.map((users, index) => ({
    low: distribution.edges[index],
    high: distribution.edges[index + 1],
    users,
  }));
  if (lead[0] === pair.a) return bars;
  return bars.map(({ low, high, users }) => ({ low: -high, high: -low, users })).reverse();
}

/** How many users each difference has. The bar at 0 has the users without one too, so that it is as high as it should be. */
export function perUserChart(
  result: CompareResult,
  pair: Pair,
  looks: Looks,
): ComparisonChart<BarsDrawing> | null {
  const bars = differenceBars(result, pair);
  const [a, b] = [looks(pair.a), looks(pair.b)];
  if (!bars || !a || !b) return null;
  const same = result.distribution?.same ?? 0;
  const sign = direction(result.metric);
  const shown = bars.map((bar) => (holdsZero(bar) ? { ...bar, users: bar.users + same } : bar));
  const slotOf = (bar: DifferenceBar): number =>
    holdsZero(bar) ? REFERENCE : (bar.low + bar.high) * sign > 0 ? b.slot : a.slot;
  return {
    title: 'Per user',
    about: `${metricTitle(result.metric)}, ${b.label} − ${a.label}, users per bar`,
    columns: ['from', 'to', 'users', 'of them without a difference'],
    rows: shown.map((bar) => [bar.low, bar.high, bar.users, holdsZero(bar) ? same : 0]),
    caption: distributionSentence(bars, same, pair.users),
    drawing: {
      kind: 'bars',
      title: `Users by ${metricTitle(result.metric)}, ${b.label} − ${a.label}`,
      values: shown.map(({ users }) => users),
      labels: [...shown.map(({ low }) => signed(low, 2)), signed(shown[shown.length - 1].high, 2)],
      slots: shown.map(slotOf),
      formatY: axisCount,
    },
  };
}

export const holdsZero = ({ low, high }: Pick<DifferenceBar, 'low' | 'high'>): boolean =>
  low <= 0 && high > 0;

/** Share of the lists that each tenth of the items gets, the most rated first, beside its share of training. */
export function popularityChart(
  { exposure }: CompareResult,
  looks: Looks,
): ComparisonChart<LinesDrawing> | null {
  if (exposure.training.length === 0) return null;
  const byDecile = (shares: readonly number[]) => shares.map((share, index) => ({ x: index + 1, y: share }));
  const shown = exposure.runs.flatMap(({ run, deciles }) => {
    const look = looks(run);
    return look ? [{ id: run, ...lookOf(look), head: deciles[0] ?? 0, points: byDecile(deciles) }] : [];
  });
  const series = [...shown, { label: 'Training', slot: REFERENCE, points: byDecile(exposure.training) }];
  const heads = shown.slice(0, 4).map(({ label, head }) => `${label} gives it ${percent(head, 0)}`);
  return {
    title: 'Popularity',
    about: 'share of lists by popularity decile',
    columns: ['run', 'decile', 'share'],
    rows: series.flatMap(({ label, points }) => points.map(({ x, y }) => [label, x, y])),
    caption:
      heads.length > 0
        ? `The most rated tenth of the items takes ${percent(exposure.training[0] ?? 0, 0)} of training; ${listing(heads)}.`
        : '',
    drawing: {
      kind: 'lines',
      title: 'Share of recommendations by popularity decile',
      series,
      formatX: (value) => String(Math.round(value)),
      formatY: (value) => percent(value, 0),
      xTitle: 'Popularity decile, 1 = most rated',
      fromZero: false,
    },
  };
}

/** Share of the lists that the least shown x of the items get together; the diagonal shows all alike. */
export function lorenzChart({ exposure }: CompareResult, looks: Looks): ComparisonChart<LinesDrawing> | null {
  const shown = exposure.runs.flatMap(({ run, lorenz }) => {
    const look = looks(run);
    const points = lorenz.map((share, index) => ({ x: index / (lorenz.length - 1), y: share }));
    return look && points.length > 1 ? [{ id: run, ...lookOf(look), points }] : [];
  });
  if (shown.length === 0) return null;
  const equal = [
    { x: 0, y: 0 },
    { x: 1, y: 1 },
  ];
  const series = [...shown, { label: 'Equal', slot: REFERENCE, points: equal }];
  const halves = shown.slice(0, 4).map(({ label, points }) => {
    const half = points.find(({ x }) => x >= 0.5);
    return `${percent(half?.y ?? 0)} of the lists with ${label}`;
  });
  return {
    title: 'Lorenz curve',
    about: 'share of lists by share of items, least shown first',
    columns: ['run', 'share of items', 'share of lists'],
    rows: series.flatMap(({ label, points }) => points.map(({ x, y }) => [label, x, y])),
    caption: `The less shown half of the items gets ${listing(halves)}.`,
    drawing: {
      kind: 'lines',
      title: 'Lorenz curve of recommendations',
      series,
      formatX: (value) => percent(value, 0),
      formatY: (value) => percent(value, 0),
      xTitle: 'Share of items, least shown first',
      fromZero: true,
    },
  };
}
