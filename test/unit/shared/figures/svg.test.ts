import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawChart, type Drawing } from '../../../../shared/figures/charts.ts';
import { logTicks, niceTicks } from '../../../../shared/figures/layout.ts';
import { element, escapeMarkup, fitted, widthOf } from '../../../../shared/figures/svg.ts';

const sheet = { width: 400, height: 200, font: 'sans-serif', ink: (token: string) => `var(--${token})` };
const hostile = `</svg><script>alert("x")</script><img src='y' onerror=z>&\u0000\ud800`;

describe('ticks', () => {
  it('are round and enclose the values', () => {
    expect(niceTicks(0, 0.083)).toEqual([0, 0.05, 0.1]);
    expect(niceTicks(-0.6, 0.6)).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect(niceTicks(3, 3)).toEqual([3]);
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 0.01, max: 1e6, noNaN: true }),
        (low, span) => {
          const ticks = niceTicks(low, low + span);
          expect(ticks[0]).toBeLessThanOrEqual(low + span * 1e-6);
          expect(ticks[ticks.length - 1]).toBeGreaterThanOrEqual(low + span - span * 1e-6);
          expect(new Set(ticks).size).toBe(ticks.length);
          expect(ticks.length).toBeLessThanOrEqual(8);
        },
      ),
    );
  });

  it('of a logarithmic axis are powers of ten, finer where there are few, and inside it', () => {
    expect(logTicks(0.01, 100)).toEqual([0.01, 0.1, 1, 10, 100]);
    expect(logTicks(0.9, 30)).toEqual([1, 2, 5, 10, 20]);
    expect(logTicks(1e-8, 1e8)).toHaveLength(5);
    for (const tick of logTicks(0.52, 0.69)) expect(tick >= 0.52 && tick <= 0.69).toBe(true);
    expect(logTicks(0.52, 0.69).length).toBeGreaterThan(1);
  });
});

describe('charts as SVG', () => {
  const points = [
    { x: 0, y: 1 },
    { x: 10, y: 5 },
  ];
  const drawings: Drawing[] = [
    {
      kind: 'lines',
      title: hostile,
      series: [{ label: hostile, slot: 1, points }],
      levels: [{ label: hostile, y: 2 }],
      formatX: String,
      formatY: String,
      xTitle: hostile,
    },
    { kind: 'bars', title: hostile, values: [1, -2], labels: [hostile, 'b'], formatY: String },
    {
      kind: 'dots',
      title: hostile,
      points: points.map((point) => ({ ...point, label: hostile, slot: 2 })),
      front: [1, 0],
      formatX: String,
      formatY: String,
      xTitle: hostile,
      yTitle: hostile,
    },
  ];

  it.each(drawings)('let no text of data become markup: $kind', (drawing) => {
    const svg = drawChart(drawing, sheet);
    expect(svg).not.toMatch(/<script|<img|onerror=z>|\u0000|[\ud800-\udbff](?![\udc00-\udfff])/);
    expect(svg.match(/<svg/g)).toHaveLength(1);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('put a line where its values are', () => {
    const [lines] = drawings;
    const svg = drawChart({ ...lines, title: 'two points' }, sheet);
    const path = /d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)" fill="none" stroke="var\(--r1\)"/.exec(svg);
    const [x1, y1, x2, y2] = (path ?? []).slice(1).map(Number);
    expect(x2).toBeGreaterThan(x1);
    // More is higher up.
    expect(y2).toBeLessThan(y1);
  });

  it('draw one point, equal values and nothing at all', () => {
    const one = (values: typeof points): string =>
      drawChart(
        {
          kind: 'lines',
          title: 't',
          series: [{ label: 'a', slot: 1, points: values }],
          formatX: String,
          formatY: String,
        },
        sheet,
      );
    for (const values of [
      [],
      [{ x: 3, y: 0 }],
      [
        { x: 1, y: 2 },
        { x: 2, y: 2 },
      ],
    ])
      expect(one(values)).not.toMatch(/NaN|Infinity/);
  });
});

describe('text in a chart', () => {
  it('is cut where it does not fit', () => {
    expect(fitted('Popularity', 200)).toBe('Popularity');
    expect(widthOf(fitted('A very long name of a run that somebody gave', 80))).toBeLessThanOrEqual(80);
    expect(fitted('A very long name', 60)).toMatch(/…$/);
  });
  it('is escaped, also as an attribute', () => {
    expect(escapeMarkup(`<a href="x">'&`)).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;');
    expect(element('p', { title: '"><script>' }, 'x')).toBe('<p title="&quot;&gt;&lt;script&gt;">x</p>');
  });
});
