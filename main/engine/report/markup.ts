/** HTML of a report as text. Whatever comes from data passes through `escapeMarkup`. */
import { element, escapeMarkup } from '../../../shared/figures/svg.ts';

/** Text that is marked up already. */
export interface Markup {
  readonly html: string;
}

export type Cell = string | number | null | undefined | Markup;

export const markup = (html: string): Markup => ({ html });

export function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '–';
  return typeof cell === 'object' ? cell.html : escapeMarkup(String(cell));
}

export interface TableOptions {
  /** Columns of figures: right, by index; all but the first unless given. */
  readonly right?: (column: number) => boolean;
  /** The first cell of a row names it. */
  readonly rowHeads?: boolean;
  readonly caption?: string;
  /** Rows with a mark at their left, by index. */
  readonly marked?: (row: number) => boolean;
}

/** A table that scrolls in its own frame where it is wider than the page. */
export function table(
  head: readonly Cell[],
  rows: readonly (readonly Cell[])[],
  { right = (column) => column > 0, rowHeads = true, caption, marked }: TableOptions = {},
): string {
  const kind = (column: number): string | undefined => (right(column) ? 'n' : undefined);
  const heads = head.map((cell, column) =>
    element('th', { scope: 'col', class: kind(column) }, cellText(cell)),
  );
  const lines = rows.map((row, at) =>
    element(
      'tr',
      { class: marked?.(at) ? 'marked' : undefined },
      ...row.map((cell, column) =>
        rowHeads && column === 0
          ? element('th', { scope: 'row', class: kind(column) }, cellText(cell))
          : element('td', { class: kind(column) }, cellText(cell)),
      ),
    ),
  );
  const named = caption === undefined ? '' : element('caption', {}, escapeMarkup(caption));
  return element(
    'div',
    { class: 'wide', tabindex: 0, role: 'region', 'aria-label': caption ?? String(cellText(head[0] ?? '')) },
    element(
      'table',
      {},
      named,
      element('thead', {}, element('tr', {}, ...heads)),
      element('tbody', {}, ...lines),
    ),
  );
}

export const paragraph = (text: string, kind?: string): string =>
  element('p', { class: kind }, escapeMarkup(text));

/** Folded away until it is asked for. */
export function details(summary: string, ...children: readonly string[]): string {
  return element('details', {}, element('summary', {}, escapeMarkup(summary)), ...children);
}

/** A part of the page under its heading. */
export function section(title: string, ...children: readonly string[]): string {
  const id = title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return element(
    'section',
    { id, 'aria-labelledby': `${id}-title` },
    element('h2', { id: `${id}-title` }, escapeMarkup(title)),
    ...children,
  );
}
