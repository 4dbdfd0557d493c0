/** Small marks in tables as SVG: an interval, and the shares of users on each side. */
import { slotColor } from './slots.ts';
import { element, type Ink, line, picture, short } from './svg.ts';

/** An interval with its dot beside a zero line. @param reach largest magnitude of the column */
export function whisker(
  value: number,
  [low, high]: readonly [number, number],
  reach: number,
  title: string,
  ink: Ink,
): string {
  const width = 120;
  const at = (x: number): number =>
    width / 2 + (Math.max(-1, Math.min(1, x / (reach || 1))) * (width - 8)) / 2;
  return picture(
    width,
    14,
    title,
    'inherit',
    line(width / 2, 1, width / 2, 13, ink('line-3')),
    element('path', {
      d: `M${short(at(low))} 7H${short(at(high))}M${short(at(low))} 4V10M${short(at(high))} 4V10`,
      stroke: ink('t2'),
    }),
    element('circle', { cx: at(value), cy: 7, r: 2.75, fill: ink('t1') }),
  );
}

/** Users for whom b is better, the same, a is better, as one bar. */
export function shareBar(
  { better, same, worse }: { readonly better: number; readonly same: number; readonly worse: number },
  slots: { readonly a: number; readonly b: number },
  title: string,
  ink: Ink,
): string {
  const width = 420;
  const parts: [number, string][] = [
    [better, ink(`r${slotColor(slots.b)}`)],
    [same, ink('line-2')],
    [worse, ink(`r${slotColor(slots.a)}`)],
  ];
  let from = 0;
  const bars = parts.map(([share, fill]) => {
    const x = from;
    from += share * (width - 4) + 2;
    return element('rect', { x, y: 0, width: Math.max(1, share * (width - 4)), height: 12, fill });
  });
  return picture(width, 12, title, 'inherit', ...bars);
}
