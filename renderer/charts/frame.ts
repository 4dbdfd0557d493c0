/** Axes of the charts that draw themselves. */
import type { Frame, Scale } from '../../shared/figures/svg.ts';
import { widthOf } from '../../shared/figures/svg.ts';
import type { Colors } from './chart.ts';
import type { Pen } from './pen.ts';

type Format = (value: number, ticks: readonly number[]) => string;

/** Where the marks of a chart stand: beside the labels of `y`, above those of x. */
export function frameOf(width: number, height: number, y: Scale, format: Format): Frame {
  const labels = y.ticks.map((tick) => widthOf(format(tick, y.ticks)));
  return { left: Math.max(24, ...labels) + 8, right: width - 8, top: 10, bottom: height - 34 };
}

/** Horizontal lines with their labels, and the lower axis. */
export function gridOf(
  pen: Pen,
  { left, right, bottom }: Frame,
  y: Scale,
  format: Format,
  colors: Colors,
): void {
  pen.lines(
    y.ticks.map((tick) => [
      { x: left, y: y.at(tick) },
      { x: right, y: y.at(tick) },
    ]),
    colors.grid,
  );
  for (const tick of y.ticks) pen.text(format(tick, y.ticks), left - 6, y.at(tick), colors.faint, 'right');
  pen.lines(
    [
      [
        { x: left, y: bottom },
        { x: right, y: bottom },
      ],
    ],
    colors.axis,
  );
}
