/** Pieces of SVG as text: what a report holds, and what a chart of the windows is saved as. */
import { niceTicks } from './layout.ts';
import { REFERENCE, slotColor, slotDash, slotFilled, slotPath } from './slots.ts';

/** The colour that stands for a token of the design (`t1`, `grid`, `r4`): a variable in a page, a value in a file. */
export type Ink = (token: string) => string;

/** What text may stand in an element or an attribute: marked up, and without the control characters that XML refuses. */
export function escapeMarkup(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])/g, '�')
    .replace(/(?<![\ud800-\udbff])[\udc00-\udfff]/g, '�')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** An element; children are markup already. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  ...children: readonly string[]
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) => ` ${key}="${escapeMarkup(typeof value === 'number' ? short(value) : String(value))}"`,
    )
    .join('');
  return children.length > 0 ? `<${name}${written}>${children.join('')}</${name}>` : `<${name}${written}/>`;
}

/** A length with two decimals at most. */
export function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Height of the labels in px. */
export const LABEL = 11;

/** Width in px of a label, from above: where nothing can measure, letters of a wide font are taken. */
export function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) {
    if (/[ilj.,:;'|!()[\] ]/.test(letter)) width += 3.6;
    else if (/[A-Z@mwMW%]/.test(letter)) width += 8.6;
    else if (letter > '\u2e7f') width += 12;
    else width += 6.5;
  }
  return width;
}

/** The text, cut with … to a width in px. */
export function fitted(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const letters = [...text];
  while (letters.length > 1 && widthOf(`${letters.join('')}…`) > width) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}

/** A label; `anchor` as in SVG. */
export function label(
  text: string,
  x: number,
  y: number,
  fill: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
): string {
  return element(
    'text',
    { x, y: y + 4, fill, 'font-size': LABEL, 'text-anchor': anchor === 'start' ? undefined : anchor },
    escapeMarkup(text),
  );
}

export function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke: string,
  dash?: readonly number[],
): string {
  return element('path', {
    d: `M${short(x1)} ${short(y1)}L${short(x2)} ${short(y2)}`,
    stroke,
    'stroke-dasharray': dash && dash.length > 0 ? dash.join(' ') : undefined,
  });
}

/** A run's line through points, in px. */
export function runLine(
  points: readonly { x: number; y: number }[],
  slot: number,
  ink: Ink,
  width = 1.75,
): string {
  if (points.length === 0) return '';
  const dash = slotDash(slot);
  return element('path', {
    d: points.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`).join(''),
    fill: 'none',
    stroke: ink(`r${slotColor(slot)}`),
    'stroke-width': width,
    'stroke-dasharray': dash.length > 0 ? dash.join(' ') : undefined,
  });
}

/** A run's marker. */
export function marker(slot: number, x: number, y: number, ink: Ink, r = 4): string {
  if (slot === REFERENCE) return '';
  const color = ink(`r${slotColor(slot)}`);
  return element('path', {
    d: slotPath(slot, Math.round(x * 100) / 100, Math.round(y * 100) / 100, r),
    ...(slotFilled(slot) ? { fill: color } : { fill: 'none', stroke: color, 'stroke-width': 1.75 }),
  });
}

/** An axis: values to px. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** A linear axis from round value to round value, drawn from `from` to `to` px. */
export function linearScale(low: number, high: number, from: number, to: number, wanted = 4): Scale {
  const ticks = niceTicks(low, high === low ? low + (Math.abs(low) || 1) : high, wanted);
  const [first, last] = [ticks[0], ticks[ticks.length - 1]];
  return { at: (value) => from + ((value - first) / (last - first || 1)) * (to - from), ticks };
}

/** A logarithmic axis with its own ticks; all values above 0. */
export function logScale(
  low: number,
  high: number,
  ticks: readonly number[],
  from: number,
  to: number,
): Scale {
  const [a, b] = [Math.log(low), Math.log(high === low ? low * 2 : high)];
  return { at: (value) => from + ((Math.log(value) - a) / (b - a)) * (to - from), ticks };
}

export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Horizontal grid with its labels, and the lower axis with its own; those that would be over each other are left out. */
export function axes(
  { left, right, top, bottom }: Frame,
  x: Scale | null,
  y: Scale,
  format: { readonly x: (value: number) => string; readonly y: (value: number) => string },
  titles: { readonly x?: string; readonly y?: string },
  ink: Ink,
): string {
  const parts: string[] = [];
  for (const tick of y.ticks) {
    const at = y.at(tick);
    parts.push(line(left, at, right, at, ink('grid')), label(format.y(tick), left - 6, at, ink('t3'), 'end'));
  }
  parts.push(line(left, bottom, right, bottom, ink('axis')));
  let free = -Infinity;
  for (const tick of x?.ticks ?? []) {
    const at = x?.at(tick) ?? 0;
    const text = format.x(tick);
    const half = widthOf(text) / 2;
    if (at - half < free || at < left - 1 || at > right + 1) continue;
    free = at + half + 6;
    parts.push(label(text, at, bottom + 12, ink('t3'), 'middle'));
  }
  if (titles.x) parts.push(label(titles.x, right, bottom + 26, ink('t3'), 'end'));
  if (titles.y) parts.push(label(titles.y, left - 34, top - 12, ink('t3')));
  return parts.join('');
}

/** The picture around its parts. @param title what it shows, for who cannot see it */
export function picture(
  width: number,
  height: number,
  title: string,
  font: string,
  ...parts: string[]
): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${short(width)} ${short(height)}`,
      width,
      height,
      role: 'img',
      'aria-label': title,
      'font-family': font,
      fill: 'none',
    },
    element('title', {}, escapeMarkup(title)),
    ...parts,
  );
}
