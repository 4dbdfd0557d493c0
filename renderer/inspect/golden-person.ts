/** Who is saved as a golden user: the user at hand, or the person that what-if has made of them. */
import type { Params, Result } from '../../shared/contract.ts';
import type { WhatIf } from './what-if.svelte.ts';

export interface Person {
  /** A user of the data, or the history of somebody imagined. */
  user: string | null;
  history: Params<'golden.add'>['history'];
  suggested: string;
  /** What is expected at first. */
  expect: readonly { item: string; title: string }[];
}

export function personToSave(
  view: Result<'inspect.user'> | null,
  { base, changes }: Pick<WhatIf, 'base' | 'changes'>,
  user: string | null,
): Person | null {
  if (!base) {
    if (user === null) return null;
    // What was held out and found is what the lists should go on to find.
    const found = (view?.lists ?? []).flatMap((list) => list.items).filter((item) => item.hit);
    const hits = new Map(found.map(({ item, title }) => [item, { item, title }]));
    return { user, history: null, suggested: `User ${user}`, expect: [...hits.values()] };
  }
  const changed = new Map(changes.map(({ item, rating }) => [item, rating]));
  const kept =
    base.user === null
      ? []
      : (view?.history ?? [])
          .filter((row) => row.part === 'train' && !changed.has(row.item))
          .map(({ item, rating }) => ({ item, rating }))
          .toReversed();
  const rated = [...changed].flatMap(([item, rating]) => (rating === null ? [] : [{ item, rating }]));
  return {
    user: null,
    history: [...kept, ...rated],
    suggested: base.user === null ? 'Somebody new' : `User ${base.user}, changed`,
    expect: [],
  };
}
