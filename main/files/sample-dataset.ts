/**
 * The sample data set: made up whole, titles included, so that it may be shipped and shown. It has what models look for:
 * user and item biases, tastes of low rank, a long tail, and series that people watch in order, which only a model of
 * sequences can see.
 */
import { RatingBuilder } from './rating-builder.ts';
import { uniform } from './derive.ts';
import type { Dataset } from './types.ts';

const USERS = 1000;
const ITEMS = 800;
const RATINGS = 60_000;
const TASTES = 6;
const DAY = 86_400_000;
/** Mean number of parts of a series. */
const SERIES = 60;

const genreNames = [
  'Adventure',
  'Comedy',
  'Crime',
  'Drama',
  'Fantasy',
  'Mystery',
  'Romance',
  'Science Fiction',
];

const adjectives = (
  'Quiet Amber Hollow Silver Distant Broken Golden Midnight Winter Crooked Burning Hidden Paper Velvet Iron Lost Second ' +
  'Gentle Scarlet Drowned Wandering Painted Copper Restless Northern Empty Glass Borrowed Sleeping Thirteenth'
).split(' ');
const nouns = (
  'Harbour Orchard Lantern Meridian Garden Station Compass Orbit Letter Bridge Tide Carnival Archive Mirror Engine ' +
  'Lighthouse Kingdom Witness Recipe Passenger Clock Valley Signal Atlas Feather Comet Masquerade Island Promise Cellar'
).split(' ');
const endings = ['', '', '', '', ' at Dawn', ' of Salt', ' in the Rain', ' Street', ' Beyond', ' for Two'];

interface Item {
  title: string;
  genres: string[];
  year: number;
  /** Series it belongs to, and its part from 0; −1: none. */
  series: number;
  part: number;
  popularity: number;
  bias: number;
  taste: Float64Array;
}

/** About 1,000 users, 800 titled items and 60,000 ratings from 1 to 5 in half stars; the same for the same seed. */
export function sampleDataset(seed = 1): Dataset {
  const random = uniform(seed * 2654435761);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const items = makeItems(random, normal);
  const builder = new RatingBuilder({
    timed: true,
    timeKind: 'time',
    implicit: false,
    duplicates: 'last',
    scale: null,
    rejectsFile: null,
  });
  const activity = Float64Array.from({ length: USERS }, () => Math.exp(normal() * 0.9));
  const total = activity.reduce((sum, each) => sum + each, 0);
  const least = 8;
  const spread = RATINGS - USERS * least;
  const seriesOf = groupSeries(items);
  for (let u = 0; u < USERS; u++) {
    const count = Math.min(300, least + Math.round((spread * activity[u]) / total));
    rateAs(u, count, { items, seriesOf, random, normal, builder });
  }
  const { dataset } = builder.finish();
  const byId = new Map(items.map((item, k) => [itemId(k), item]));
  const found = dataset.itemIds.map((id) => byId.get(id) as Item);
  dataset.metadata = {
    titles: found.map((item) => item.title),
    genres: found.map((item) => item.genres),
    years: found.map((item) => item.year),
    images: found.map(() => null),
  };
  return dataset;
}

const itemId = (k: number): string => `t${String(k + 1).padStart(4, '0')}`;
const userId = (u: number): string => `u${String(u + 1).padStart(4, '0')}`;

function makeItems(random: () => number, normal: () => number): Item[] {
  const items: Item[] = [];
  const used = new Set<string>();
  const genreTastes = genreNames.map(() => Float64Array.from({ length: TASTES }, () => normal()));
  for (let series = 0; items.length < ITEMS; series++) {
    let name: string;
    do {
      const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)];
      name = `The ${pick(adjectives)} ${pick(nouns)}${pick(endings)}`;
    } while (used.has(name));
    used.add(name);
    const parts = series < SERIES ? 3 + Math.floor(random() * 4) : 1;
    const first = Math.floor(random() * genreNames.length);
    const second = Math.floor(random() * genreNames.length);
    const genres = first === second ? [genreNames[first]] : [genreNames[first], genreNames[second]].sort();
    const taste = Float64Array.from(
      { length: TASTES },
      (_, f) => (genreTastes[first][f] + genreTastes[second][f]) / 2 + 0.5 * normal(),
    );
    const year = 1962 + Math.floor(60 * Math.sqrt(random()));
    const bias = 0.35 * normal();
    // A power law over the items in random order: a few hits, a long tail.
    const popularity = (1 + Math.floor(ITEMS * random())) ** -1;
    for (let part = 0; part < parts && items.length < ITEMS; part++) {
      const title = parts === 1 ? name : `${name}, Part ${part + 1}`;
      const member = series < SERIES ? series : -1;
      items.push({ title, genres, year: year + part, series: member, part, popularity, bias, taste });
    }
  }
  return items;
}

function groupSeries(items: readonly Item[]): number[][] {
  const groups: number[][] = [];
  items.forEach((item, k) => {
    if (item.series >= 0) (groups[item.series] ??= [])[item.part] = k;
  });
  return groups;
}

interface World {
  items: Item[];
  seriesOf: number[][];
  random: () => number;
  normal: () => number;
  builder: RatingBuilder;
}

/** One person's evenings: what they choose follows popularity and taste; once in a series they mostly watch on. */
function rateAs(u: number, count: number, { items, seriesOf, random, normal, builder }: World): void {
  const taste = Float64Array.from({ length: TASTES }, () => normal());
  const bias = 0.4 * normal();
  const affinity = items.map((item) => {
    let sum = 0;
    for (let f = 0; f < TASTES; f++) sum += taste[f] * item.taste[f];
    return sum / Math.sqrt(TASTES);
  });
  // A series begins with its first part; later parts are met by watching on.
  const weights = items.map((item, k) => (item.part > 0 ? 0 : item.popularity * Math.exp(0.9 * affinity[k])));
  const cumulative = new Float64Array(items.length);
  let sum = 0;
  weights.forEach((weight, k) => (cumulative[k] = sum += weight));
  const seen = new Uint8Array(items.length);
  let time = Date.UTC(2019, 0, 1) + Math.floor(random() * 4 * 365) * DAY;
  let last = -1;
  for (let n = 0; n < count; n++) {
    let next = last >= 0 && random() < 0.85 ? following(items, seriesOf, last) : -1;
    if (next < 0 || seen[next] === 1) next = draw(cumulative, seen, random);
    if (next < 0) return;
    seen[next] = 1;
    time += Math.floor((0.1 + 2.5 * random() ** 2) * DAY);
    const rating = 3.25 + bias + items[next].bias + 0.65 * affinity[next] + 0.6 * normal();
    const rounded = Math.min(5, Math.max(1, Math.round(2 * rating) / 2));
    builder.read++;
    builder.addText(userId(u), itemId(next), rounded, Math.round(time / 1000) * 1000);
    last = next;
  }
}

function following(items: readonly Item[], seriesOf: readonly number[][], item: number): number {
  const { series, part } = items[item];
  return series < 0 ? -1 : (seriesOf[series][part + 1] ?? -1);
}

/** An unseen item by weight; −1 where the draws meet nothing new. */
function draw(cumulative: Float64Array, seen: Uint8Array, random: () => number): number {
  const total = cumulative[cumulative.length - 1];
  for (let attempt = 0; attempt < 200; attempt++) {
    const at = random() * total;
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] > at) high = middle;
      else low = middle + 1;
    }
    if (seen[low] === 0) return low;
  }
  return -1;
}
