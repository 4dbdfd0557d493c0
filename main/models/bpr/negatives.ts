/**
 * Negatives of BPR in plain code: the same draws as main/models/bpr/assembly/bpr.ts from the same key. A draw hangs on
 * the sample's place in the epoch alone, so that threads need no stream in common.
 */
import type { Ratings } from '../../ratings/ratings.ts';
import { mix32 } from '../../numeric/batch-order.ts';
import type { AliasTable } from '../../numeric/alias-table.ts';
import { ATTEMPTS, NO_NEGATIVE } from './kernels.generated.ts';

export interface NegativeOptions {
  /** Popularity^β; null: uniform. */
  readonly alias: AliasTable | null;
  /** Draws a negative, of which the highest scored is taken (dynamic sampling); 1: the draw itself. */
  readonly hardestOf: number;
  /** Present score of a pair; asked where hardestOf > 1. */
  readonly score: (user: number, item: number) => number;
}

export class PlacedNegatives {
  readonly #itemCount: number;
  readonly #seen: readonly Set<number>[];
  readonly #options: NegativeOptions;
  readonly #shares: Uint32Array | null;

  constructor(train: Ratings, options: NegativeOptions) {
    this.#itemCount = train.itemCount;
    this.#options = options;
    this.#shares = options.alias && aliasShares(options.alias);
    this.#seen = Array.from(
      { length: train.userCount },
      (_, u) => new Set(train.item.subarray(train.start[u], train.start[u + 1])),
    );
  }

  /**
   * An item that the user has not in train, for the sample at `place` of the epoch with `key`; or NO_NEGATIVE.
   * @param pool the items that it may be; null: all
   */
  draw(user: number, place: number, key: number, pool: Uint32Array | null = null): number {
    const base = mix32(place ^ key);
    let chosen = this.#drawUnseen(user, base, 0, pool);
    const { hardestOf, score } = this.#options;
    if (hardestOf < 2 || chosen === NO_NEGATIVE) return chosen;
    let best = score(user, chosen);
    for (let c = 1; c < hardestOf; c++) {
      const item = this.#drawUnseen(user, base, c, pool);
      const s = score(user, item);
      if (s > best) [best, chosen] = [s, item];
    }
    return chosen;
  }

  #drawUnseen(user: number, base: number, draw: number, pool: Uint32Array | null): number {
    const { alias } = this.#options;
    // The alias table is of all items: a draw outside of the pool is taken again.
    const n = pool && !alias ? pool.length : this.#itemCount;
    const seen = this.#seen[user];
    const fits = (item: number): boolean => !seen.has(item) && (!pool || !alias || pool.includes(item));
    const itemAt = (place: number): number => (pool && !alias ? pool[place] : place);
    let place = 0;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const bits = mix32(base + Math.imul(draw * ATTEMPTS + attempt, 0x9e3779b9));
      place = Math.floor((bits * n) / 2 ** 32);
      if (alias && this.#shares && mix32(bits ^ 0x5bd1e995) >= this.#shares[place])
        place = alias.alias[place];
      if (fits(itemAt(place))) return itemAt(place);
    }
    for (let step = 0; step < n; step++) {
      place = place + 1 === n ? 0 : place + 1;
      if (fits(itemAt(place))) return itemAt(place);
    }
    return NO_NEGATIVE;
  }
}

/** Chances of an alias table as shares of 2³². */
export function aliasShares(table: AliasTable): Uint32Array {
  return Uint32Array.from(table.probability, (p) => Math.min(0xffffffff, p * 2 ** 32));
}
