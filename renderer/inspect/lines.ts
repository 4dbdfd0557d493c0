/** Lines between neighbouring lists: where each shared item stands in both. */

export interface RankLine {
  item: string;
  /** Places from 0. */
  from: number;
  to: number;
  hit: boolean;
}

export interface Listed {
  item: string;
  hit: boolean;
}

/** Items that both lists hold, with their places. */
export function rankLines(left: readonly Listed[], right: readonly Listed[]): RankLine[] {
  const places = new Map(right.map((entry, index) => [entry.item, index]));
  return left.flatMap((entry, from) => {
    const to = places.get(entry.item);
    return to === undefined ? [] : [{ item: entry.item, from, to, hit: entry.hit }];
  });
}

/** Items of a list that no other list holds. */
export function onlyHere(lists: readonly (readonly Listed[])[], at: number): Set<string> {
  const elsewhere = new Set(
    lists.flatMap((list, index) => (index === at ? [] : list.map((entry) => entry.item))),
  );
  return new Set((lists[at] ?? []).map((entry) => entry.item).filter((item) => !elsewhere.has(item)));
}

/** A smooth path from the right edge of one list to the left edge of the next. */
export function linePath(line: RankLine, width: number, rowHeight: number): string {
  const y = (place: number) => place * rowHeight + rowHeight / 2;
  return `M0 ${y(line.from)}C${width / 2} ${y(line.from)} ${width / 2} ${y(line.to)} ${width} ${y(line.to)}`;
}
