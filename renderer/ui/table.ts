export interface Column {
  id: string;
  title: string;
  /** Figures stand right. */
  right?: boolean;
  width?: string;
  sortable?: boolean;
  /** Definition, as the head's tooltip. */
  hint?: string;
  /** A head without words still has a name. */
  hidden?: boolean;
}

export interface Sort {
  column: string;
  descending: boolean;
}

/** First and one past the last row to draw, with a margin above and below the view. */
export function visibleRange(
  scrollTop: number,
  viewHeight: number,
  rowHeight: number,
  rowCount: number,
): { first: number; last: number } {
  const margin = 8;
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - margin);
  const last = Math.min(rowCount, Math.ceil((scrollTop + viewHeight) / rowHeight) + margin);
  return { first: Math.min(first, last), last };
}
