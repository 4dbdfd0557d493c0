/** Users, histories, lists and reasons of the fake engine. */
import type { Result, Run } from '../../../shared/contract.ts';
import { seeded } from '../../lib/random.ts';
import { hashed } from './random.ts';

const titles = [
  'The Lantern Keeper (1994)',
  'Salt Harbor (1997)',
  'Northbound (1986)',
  'A Quiet Orchard (1995)',
  'Glass Meridian (1996)',
  'Paper Tigers of Rue Nord (1993)',
  'Winter Signal (1991)',
  'Two Clocks (1988)',
  'The Cartographer’s Daughter (1997)',
  'Copper Sky (1990)',
  'Midnight Ferry (1996)',
  'Harvest of Dust (1992)',
  'The Ninth Wave (1989)',
  'Red Signal (1996)',
  'Letters to Oslo (1995)',
  'Static (1997)',
  'Long Shadow Street (1985)',
  'Amber Line (1994)',
  'The Understudy (1996)',
  'Seven Bridges (1993)',
  'Blue Hour (1997)',
  'Tin Soldiers (1987)',
  'Cold Harbor Nights (1995)',
  'The Clockmaker (1996)',
  'Feather River (1991)',
  'An Honest Thief (1997)',
  'The Last Tram (1994)',
  'Monsoon Season (1996)',
  'Echo Park (1990)',
  'Winged Victory (1997)',
];
const genres = ['Drama', 'Comedy', 'Thriller', 'Romance', 'Documentary', 'Science fiction'];

export const titleOf = (item: string) => titles[Number(item) % titles.length] ?? item;
const decileOf = (item: string) => 1 + Math.floor(hashed(`decile${item}`) ** 2 * 10);

export function usersOf(list: string, query: string, runs: number): Result<'inspect.users'> {
  const random = seeded(list.length * 31 + 7);
  const paired = runs > 1 && ['improved', 'harmed', 'disagree'].includes(list);
  const users = Array.from({ length: 180 }, (_, index) => ({
    user: String(1 + Math.floor(random() * 942)),
    ratings: 20 + Math.floor(random() ** 2 * 640),
    value: paired ? (list === 'harmed' ? -1 : 1) * 0.31 * Math.exp(-index / 35) : null,
  }));
  const unique = [...new Map(users.map((row) => [row.user, row])).values()].filter((row) =>
    row.user.includes(query),
  );
  if (list === 'cold') unique.sort((a, b) => a.ratings - b.ratings);
  if (list === 'heavy') unique.sort((a, b) => b.ratings - a.ratings);
  return { column: paired ? 'Δ NDCG@10' : '', users: unique };
}

function listOf(user: string, run: Run, top: number): string[] {
  const random = seeded(Math.floor(hashed(`${user}`) * 1e9));
  const pool = titles.map((_, index) => String(index));
  const base = pool.map((item) => ({ item, at: random() + hashed(`${run.model}${item}`) * 0.35 }));
  return base
    .sort((a, b) => a.at - b.at)
    .slice(0, top)
    .map((entry) => entry.item);
}

export function viewOf(user: string, runs: Run[], top: number): Result<'inspect.user'> {
  const held = titles.map((_, index) => String(index)).filter((item) => hashed(`${user}held${item}`) > 0.72);
  const seen = Array.from({ length: 50 }, (_, index) => String(30 + index));
  const time = (index: number) => Date.UTC(1998, 2, 4) - index * 3_600_000;
  const history = [
    ...held.map((item) => ({ item, part: 'test' as const })),
    ...seen.map((item) => ({ item, part: 'train' as const })),
  ].map(({ item, part }, index) => ({
    item,
    title: titleOf(item).replace('(', part === 'train' ? 'II (' : '('),
    rating: 1 + Math.floor(hashed(`${user}r${item}`) ** 0.5 * 5),
    time: time(index),
    part,
    decile: decileOf(item),
  }));
  const lists = runs.map((run) => {
    const items = listOf(user, run, top).map((item, index) => ({
      item,
      title: titleOf(item),
      score: 4.9 - index * 0.13,
      rank: index + 1,
      hit: held.includes(item),
      decile: decileOf(item),
    }));
    const hits = items.filter((item) => item.hit).length;
    return {
      run: run.id,
      label: run.name,
      known: true,
      hits,
      metrics: { 'ndcg@10': hits / 9, 'recall@10': hits / held.length },
      items,
    };
  });
  const first = lists[0];
  const second = lists[1];
  const both =
    first && second ? first.items.filter((a) => second.items.some((b) => b.item === a.item)).length : 0;
  return {
    user,
    ratings: history.length,
    mean: 3.7,
    timeSpan: { from: time(history.length), to: time(0) },
    history,
    lists,
    summary:
      first && second
        ? `${both} of ${top} items are in both lists. ${first.label} finds ${first.hits} held-out items, ${second.label} ${second.hits}.`
        : `${first?.label ?? 'No run'} finds ${first?.hits ?? 0} of ${held.length} held-out items in its top ${top}.`,
  };
}

export function explanationOf(run: Run, user: string, item: string): Result<'inspect.explain'> {
  const parts = ['The Ninth Wave', 'Copper Sky', 'Two Clocks', 'Static', 'Blue Hour'].map((label, index) => ({
    label,
    value: index === 4 ? -0.31 : (1.2 + hashed(run.id)) * Math.exp(-index / 2.2),
  }));
  const rank = 1 + Math.floor(hashed(`${run.id}${user}${item}`) * 20);
  return {
    rank,
    candidates: 1632,
    score: 3.1 + hashed(item),
    title:
      run.kind === 'sequence' ? 'Score lost without each of the last five' : 'Contribution of each factor',
    parts,
    summary: 'The Ninth Wave adds most: without it the film falls to rank 9.',
  };
}

export function itemOf(item: string, runs: Run[]): Result<'inspect.item'> {
  return {
    item,
    title: titleOf(item),
    genres: genres.filter((genre) => hashed(`${item}${genre}`) > 0.6),
    year: Number(/\((\d{4})\)/.exec(titleOf(item))?.[1] ?? 1995),
    ratings: 20 + Math.floor(hashed(`count${item}`) * 400),
    mean: 3 + hashed(`mean${item}`) * 1.5,
    decile: decileOf(item),
    exposure: runs.map((run) => ({
      run: run.id,
      label: run.name,
      lists: Math.floor(hashed(`${run.id}${item}`) * 400),
    })),
  };
}
