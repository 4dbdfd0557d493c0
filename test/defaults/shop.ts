/**
 * Made-up purchases: 6,000 users with 4 to 60 of 4,000 items. An item's draw is its popularity (a power law) times how
 * well it fits the user's two kinds of goods, of forty; a fifth of what is bought is anything popular.
 */
import { Random } from '../../main/numeric/random.ts';
import type { Ratings } from '../../main/ratings/ratings.ts';
import { toRatings } from './pairs.ts';

const [USERS, ITEMS, KINDS] = [6000, 4000, 40];

export function shopRatings(seed: number): Ratings {
  const random = new Random(seed, 'split');
  const shelves: number[][] = Array.from({ length: KINDS }, () => []);
  // Item 0 is the most popular; its kind is drawn, so that kinds have heads of their own.
  for (let item = 0; item < ITEMS; item++) shelves[random.below(KINDS)].push(item);
  const all = Array.from({ length: ITEMS }, (_, item) => item);
  const draw = (shelf: readonly number[]): number =>
    shelf[Math.floor(shelf.length * random.next() ** 2.2)] ?? 0;
  const pairs: [number, number][] = [];
  for (let user = 0; user < USERS; user++) {
    const kinds = [random.below(KINDS), random.below(KINDS)];
    const bought = new Set<number>();
    const count = Math.min(60, 4 + Math.floor(-8 * Math.log(1 - random.next())));
    while (bought.size < count) {
      const chance = random.next();
      bought.add(draw(chance < 0.2 ? all : shelves[kinds[chance < 0.65 ? 0 : 1]]));
    }
    for (const item of bought) pairs.push([user, item]);
  }
  return toRatings(pairs);
}
