/** Chart.js with the parts that are used, and the drawing that the design language asks for beyond it. */
import {
  BarController,
  BarElement,
  CategoryScale,
  Filler,
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
  type ChartConfiguration,
  type Plugin,
} from 'chart.js';
import { logTicks, placedAbove, spread } from '../../shared/figures/layout.ts';
import { slotColor, slotFilled, slotPath } from '../../shared/figures/slots.ts';

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
);
export { Chart, type ChartConfiguration };

export interface Colors {
  base: string;
  grid: string;
  axis: string;
  reference: string;
  text: string;
  label: string;
  faint: string;
  run: (slot: number) => string;
  /** Of figures from the worst to the best, six steps. */
  shades: readonly string[];
  font: string;
}

/** The tokens as they are now; read again when the theme changes. */
export function readColors(): Colors {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    base: token('--base'),
    grid: token('--grid'),
    axis: token('--axis'),
    reference: token('--line-3'),
    text: token('--t1'),
    label: token('--t2'),
    faint: token('--t3'),
    run: (slot) => token(`--r${slotColor(slot)}`),
    shades: [1, 2, 3, 4, 5, 6].map((step) => token(`--s${step}`)),
    font: token('--font'),
  };
}

/** "rgb(… / alpha)" of a hex colour. */
export function translucent(hex: string, alpha: number): string {
  const value = Number.parseInt(hex.slice(1), 16);
  return `rgb(${value >> 16} ${(value >> 8) & 255} ${value & 255} / ${alpha})`;
}

/**
 * A scale with 11 px labels, at most four ticks, and either grid or axis line.
 * @param values what is drawn along it: between whole numbers no tick stands at a fraction
 */
export function scale(colors: Colors, side: 'x' | 'y', title?: string, values: readonly number[] = []) {
  return {
    border: { display: side === 'x', color: colors.axis },
    grid: { display: side === 'y', color: colors.grid, drawTicks: false },
    ticks: {
      color: colors.faint,
      font: { size: 11, family: colors.font },
      padding: 6,
      maxTicksLimit: side === 'y' ? 4 : 6,
      ...(values.length > 0 && values.every(Number.isInteger) ? { precision: 0 } : {}),
      maxRotation: 0,
      autoSkipPadding: 12,
    },
    title: title
      ? { display: true, text: title, color: colors.faint, font: { size: 11, family: colors.font } }
      : { display: false },
  };
}

/** Of a logarithmic axis: ticks at round values inside it, where Chart.js crowds or leaves it empty. */
export function roundLogTicks(axis: { min: number; max: number; ticks: { value: number }[] }): void {
  if (axis.min > 0 && axis.max > axis.min)
    axis.ticks = logTicks(axis.min, axis.max, 4).map((value) => ({ value }));
}

let measuring: CanvasRenderingContext2D | null = null;

/** Width in px of a text at 11 px. */
export function textWidth(text: string, font: string): number {
  measuring ??= document.createElement('canvas').getContext('2d');
  if (!measuring) return text.length * 6;
  measuring.font = `11px ${font}`;
  return measuring.measureText(text).width;
}

export interface EndLabel {
  /** Index of the chart's data set. */
  dataset: number;
  text: string;
  slot: number | null;
  /** Another one stands out. */
  pale?: boolean;
}

/** Marker and name at the end of each line; names that would collide are pushed 12 px apart. */
export function endLabels(labels: readonly EndLabel[], colors: Colors): Plugin {
  return {
    id: 'endLabels',
    afterDatasetsDraw(chart) {
      const { ctx, chartArea } = chart;
      const ends = labels.flatMap((label) => {
        const points = chart.getDatasetMeta(label.dataset).data;
        const last = points[points.length - 1];
        return last ? [{ label, x: last.x, y: last.y }] : [];
      });
      const right = Math.max(...ends.map((end) => end.x), 0);
      const near = ends.filter((end) => end.x > right - 30);
      // More names than the height has lines for: the first ones; the tooltip and the table have all.
      const named = near.slice(0, Math.max(1, Math.floor((chartArea.bottom - chartArea.top) / 12)));
      const placed = spread(
        named.map((end) => end.y),
        12,
        chartArea.top,
        chartArea.bottom,
      );
      ctx.save();
      ctx.font = `11px ${colors.font}`;
      ctx.textBaseline = 'middle';
      const early = ends.filter((end) => !near.includes(end));
      const width = ({ label }: (typeof ends)[number]): number => ctx.measureText(label.text).width;
      // A long name of a line that ends early may reach those at the right.
      const places = placedAbove(
        [
          ...named.map((end, at) => ({
            left: chartArea.right + 8,
            width: width(end),
            y: placed[at] ?? end.y,
          })),
          ...early.map((end) => ({ left: end.x + 7, width: width(end), y: end.y - 7 })),
        ],
        chartArea.bottom,
      );
      const texts = [...named, ...early];
      for (const end of ends) {
        const place = places[texts.indexOf(end)];
        const { slot } = end.label;
        if (slot !== null) {
          const path = new Path2D(slotPath(slot, end.x, end.y, 3.5));
          ctx.fillStyle = ctx.strokeStyle = colors.run(slot);
          ctx.lineWidth = 1.75;
          ctx.setLineDash([]);
          if (slotFilled(slot)) ctx.fill(path);
          else ctx.stroke(path);
        }
        ctx.fillStyle = slot === null || end.label.pale ? colors.faint : colors.text;
        if (place) ctx.fillText(end.label.text, place.left, place.y);
      }
      ctx.restore();
    },
  };
}

/** A vertical line at a place of the x axis, with words beside it. */
export function verticalMark(
  at: number,
  colors: Colors,
  words: { right?: string; left?: string; solid?: boolean },
): Plugin {
  return {
    id: `mark${at}${words.right ?? ''}`,
    afterDatasetsDraw(chart) {
      const x = chart.scales['x']?.getPixelForValue(at);
      if (x === undefined) return;
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.strokeStyle = words.solid ? colors.text : colors.reference;
      ctx.setLineDash(words.solid ? [] : [3, 3]);
      ctx.lineWidth = words.solid ? 1.5 : 1;
      ctx.beginPath();
      ctx.moveTo(x, chartArea.top - 12);
      ctx.lineTo(x, chartArea.bottom);
      ctx.stroke();
      ctx.font = `11px ${colors.font}`;
      ctx.fillStyle = colors.text;
      const { left, right } = words;
      const fits = right !== undefined && x + 6 + ctx.measureText(right).width < chart.width;
      if (fits) {
        ctx.textAlign = 'left';
        ctx.fillText(right, x + 6, chartArea.top - 4);
      }
      const before = [left, fits ? undefined : right].filter(Boolean).join(' | ');
      if (before) {
        ctx.textAlign = 'right';
        ctx.fillText(before, x - 6, chartArea.top - 4);
      }
      ctx.restore();
    },
  };
}

/** Figures above the bars. */
export function barValues(text: (value: number) => string, colors: Colors): Plugin {
  return {
    id: 'barValues',
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      ctx.save();
      ctx.font = `11px ${colors.font}`;
      ctx.fillStyle = colors.label;
      ctx.textAlign = 'center';
      chart.getDatasetMeta(0).data.forEach((bar, index) => {
        const value = chart.data.datasets[0]?.data[index];
        if (typeof value === 'number') ctx.fillText(text(value), bar.x, bar.y - 5);
      });
      ctx.restore();
    },
  };
}

/** Labels at the edges between bars instead of under them: bins of a histogram. */
export function edgeLabels(edges: readonly string[], colors: Colors): Plugin {
  return {
    id: 'edgeLabels',
    afterDraw(chart) {
      const x = chart.scales['x'];
      if (!x || edges.length < 2) return;
      const { ctx, chartArea } = chart;
      const step = (chartArea.right - chartArea.left) / (edges.length - 1);
      ctx.save();
      ctx.font = `11px ${colors.font}`;
      ctx.fillStyle = colors.faint;
      ctx.textAlign = 'center';
      let free = -Infinity;
      edges.forEach((edge, index) => {
        const at = chartArea.left + index * step;
        const half = ctx.measureText(edge).width / 2;
        if (at - half < free || at + half > chart.width) return;
        ctx.fillText(edge, at, chartArea.bottom + 15);
        free = at + half + 6;
      });
      ctx.restore();
    },
  };
}

/** A dot at a place of both axes with dashed lines to them and words beside it. */
export function markedPoint(point: { x: number; y: number; text: string }, colors: Colors): Plugin {
  return {
    id: 'markedPoint',
    afterDatasetsDraw(chart) {
      const x = chart.scales['x']?.getPixelForValue(point.x);
      const y = chart.scales['y']?.getPixelForValue(point.y);
      if (x === undefined || y === undefined) return;
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.strokeStyle = colors.reference;
      ctx.setLineDash([3, 3]);
      ctx.beginPath();
      ctx.moveTo(chartArea.left, y);
      ctx.lineTo(x, y);
      ctx.lineTo(x, chartArea.bottom);
      ctx.stroke();
      ctx.fillStyle = colors.run(1);
      ctx.beginPath();
      ctx.arc(x, y, 3.5, 0, 2 * Math.PI);
      ctx.fill();
      ctx.font = `11px ${colors.font}`;
      ctx.fillStyle = colors.text;
      ctx.fillText(point.text, x + 10, y + 5);
      ctx.restore();
    },
  };
}
