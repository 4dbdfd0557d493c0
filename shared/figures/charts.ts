/** Lines, bars and dots as SVG: the charts of the windows once more, for reports and for files. */
import { logTicks, placed, spread } from './layout.ts';
import { slotColor } from './slots.ts';
import {
  axes,
  element,
  fitted,
  type Frame,
  type Ink,
  label,
  line,
  linearScale,
  logScale,
  marker,
  picture,
  runLine,
  type Scale,
  widthOf,
} from './svg.ts';

export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly font: string;
  readonly ink: Ink;
}

interface Named {
  /** What the chart shows, in words. */
  readonly title: string;
}

type Format = (value: number) => string;
interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface LinesDrawing extends Named {
  readonly kind: 'lines';
  readonly series: readonly {
    readonly id?: string;
    readonly label: string;
    readonly slot: number;
    readonly points: readonly Spot[];
  }[];
  /** Named dashed levels. */
  readonly levels?: readonly { readonly label: string; readonly y: number }[];
  readonly formatX: Format;
  readonly formatY: Format;
  readonly xTitle?: string;
  readonly logY?: boolean;
  readonly fromZero?: boolean;
}

export interface BarsDrawing extends Named {
  readonly kind: 'bars';
  readonly values: readonly number[];
  /** Under each bar; or, one more than bars, at the edges between them. */
  readonly labels: readonly string[];
  readonly slots?: readonly number[];
  readonly formatY: Format;
}

export interface DotsDrawing extends Named {
  readonly kind: 'dots';
  readonly points: readonly (Spot & {
    readonly id?: string;
    readonly label: string;
    readonly slot: number;
  })[];
  /** Indices of the points on the Pareto front. */
  readonly front?: readonly number[];
  /** A dashed line through x = y. */
  readonly diagonal?: boolean;
  readonly formatX: Format;
  readonly formatY: Format;
  readonly xTitle: string;
  readonly yTitle: string;
}

/** A chart that draws itself. */
export interface OwnDrawing extends Named {
  readonly kind: 'own';
  /** Elements of SVG. */
  readonly draw: (size: { readonly width: number; readonly height: number }) => string[];
}

export type Drawing = LinesDrawing | BarsDrawing | DotsDrawing | OwnDrawing;

/** The chart as one SVG element. */
export function drawChart(drawing: Drawing, sheet: Sheet): string {
  return picture(sheet.width, sheet.height, drawing.title, sheet.font, ...partsOf(drawing, sheet));
}

function partsOf(drawing: Drawing, sheet: Sheet): string[] {
  switch (drawing.kind) {
    case 'lines':
      return drawLines(drawing, sheet);
    case 'bars':
      return drawBars(drawing, sheet);
    case 'dots':
      return drawDots(drawing, sheet);
    case 'own':
      return drawing.draw(sheet);
  }
}

const widest = (texts: readonly string[]): number =>
  texts.reduce((most, text) => Math.max(most, widthOf(text)), 0);
const rangeOf = (values: readonly number[]): [number, number] =>
  values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );

/** Room for the labels left of an axis. */
function leftOf(scale: Scale, format: Format): number {
  return Math.max(24, widest(scale.ticks.map(format)) + 10);
}

function drawLines(drawing: LinesDrawing, { width, height, ink }: Sheet): string[] {
  const { series, levels = [], formatX, formatY, xTitle, logY = false, fromZero = false } = drawing;
  const spots = series.flatMap(({ points }) => points);
  if (spots.length === 0) return [];
  const names = [...series.map(({ label }) => label), ...levels.map(({ label }) => label)];
  const room = Math.min(width / 3, widest(names) + 18);
  const [lowX, highX] = rangeOf(spots.map(({ x }) => x));
  const [lowY, highY] = rangeOf([...spots, ...levels].map(({ y }) => y));
  const frame = { left: 0, right: width - room, top: 8, bottom: height - (xTitle ? 34 : 20) };
  const isLog = logY && lowY > 0;
  const y = isLog
    ? logScale(lowY, highY, logTicks(lowY, highY), frame.bottom, frame.top)
    : linearScale(fromZero ? Math.min(0, lowY) : lowY, highY, frame.bottom, frame.top);
  frame.left = leftOf(y, formatY);
  const x = axisThrough(fromZero ? Math.min(0, lowX) : lowX, highX, frame);
  const ends = series.flatMap(({ label: text, slot, points }) => {
    const last = points[points.length - 1];
    return last ? [{ text, slot, x: x.at(last.x), y: y.at(last.y) }] : [];
  });
  const flat = levels.map(({ label: text, y: value }) => ({
    text,
    slot: null,
    x: frame.right,
    y: y.at(value),
  }));
  const all = [...ends, ...flat];
  const heights = spread(
    all.map((end) => end.y),
    12,
    frame.top,
    frame.bottom,
  );
  return [
    axes(frame, x, y, { x: formatX, y: formatY }, { x: xTitle }, ink),
    ...levels.map(({ y: value }) =>
      line(frame.left, y.at(value), frame.right, y.at(value), ink('line-3'), [3, 3]),
    ),
    ...series.map(({ points, slot }) =>
      runLine(
        points.map((point) => ({ x: x.at(point.x), y: y.at(point.y) })),
        slot,
        ink,
      ),
    ),
    ...ends.map((end) => marker(end.slot, end.x, end.y, ink, 3.5)),
    ...all.map(({ text, slot }, at) =>
      label(fitted(text, room - 12), frame.right + 8, heights[at], ink(slot === null ? 't3' : 't1')),
    ),
  ];
}

/** A horizontal axis that ends at the data, with round ticks inside it. */
function axisThrough(low: number, high: number, { left, right }: Frame): Scale {
  const to = high === low ? low + 1 : high;
  const { ticks } = linearScale(low, to, 0, 1, 6);
  return {
    at: (value) => left + ((value - low) / (to - low)) * (right - left),
    ticks: ticks.filter((tick) => tick >= low && tick <= to),
  };
}

function drawBars({ values, labels, slots, formatY }: BarsDrawing, { width, height, ink }: Sheet): string[] {
  const frame = { left: 0, right: width - 8, top: 8, bottom: height - 20 };
  const [low, high] = rangeOf([0, ...values]);
  const y = linearScale(low, high, frame.bottom, frame.top);
  frame.left = leftOf(y, formatY);
  const step = (frame.right - frame.left) / Math.max(1, values.length);
  const between = labels.length > values.length;
  const x: Scale = {
    at: (index) => frame.left + (index + (between ? 0 : 0.5)) * step,
    ticks: labels.map((_, at) => at),
  };
  return [
    axes(frame, x, y, { x: (index) => labels[index] ?? '', y: formatY }, {}, ink),
    ...values.map((value, index) =>
      element('rect', {
        x: frame.left + index * step + step * 0.025,
        y: Math.min(y.at(value), y.at(0)),
        width: step * 0.95,
        height: Math.abs(y.at(value) - y.at(0)),
        fill: ink(`r${slotColor(slots?.[index] ?? 1)}`),
      }),
    ),
  ];
}

function drawDots(drawing: DotsDrawing, { width, height, ink }: Sheet): string[] {
  const { points, front = [], diagonal = false, formatX, formatY, xTitle, yTitle } = drawing;
  if (points.length === 0) return [];
  const frame = { left: 0, right: width - 16, top: 24, bottom: height - 34 };
  const [lowX, highX] = roomAround(points.map(({ x }) => x));
  const [lowY, highY] = roomAround(points.map(({ y }) => y));
  const y = linearScale(lowY, highY, frame.bottom, frame.top);
  frame.left = Math.max(40, leftOf(y, formatY));
  const x = linearScale(lowX, highX, frame.left, frame.right, 5);
  const at = points.map((point) => ({ x: x.at(point.x), y: y.at(point.y) }));
  // Names of many would lie over each other: those of the front alone; the table behind the chart has all.
  const named = points.flatMap((_, index) => (points.length <= 12 || front.includes(index) ? [index] : []));
  const names = placed(
    named.map((index) => {
      const size = widthOf(points[index].label);
      const spot = at[index];
      const left = spot.x + 10 + size < frame.right + 12 ? spot.x + 9 : spot.x - 9 - size;
      return { left, width: size, y: spot.y };
    }),
  );
  const inOrder = [...front].sort((a, b) => points[a].x - points[b].x);
  const low = Math.max(x.ticks[0], y.ticks[0]);
  const high = Math.min(x.ticks[x.ticks.length - 1], y.ticks[y.ticks.length - 1]);
  return [
    axes(frame, x, y, { x: formatX, y: formatY }, { x: `${xTitle} →`, y: `↑ ${yTitle}` }, ink),
    ...(diagonal && high > low
      ? [line(x.at(low), y.at(low), x.at(high), y.at(high), ink('line-3'), [3, 3])]
      : []),
    ...inOrder
      .slice(1)
      .map((index, place) =>
        line(at[inOrder[place]].x, at[inOrder[place]].y, at[index].x, at[index].y, ink('line-3'), [3, 3]),
      ),
    ...points.map(({ slot }, index) => marker(slot, at[index].x, at[index].y, ink)),
    ...named.map((index, place) => label(points[index].label, names[place].left, names[place].y, ink('t1'))),
  ];
}

/** Room around values, but none below zero for what is never negative; from zero unless all would crowd far from it. */
function roomAround(values: readonly number[]): [number, number] {
  const [low, high] = rangeOf(values);
  const room = (high - low || Math.abs(high) || 1) * 0.08;
  if (low >= 0 && low <= (high - low) * 2) return [0, high + room];
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
}
