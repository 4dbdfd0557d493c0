/** Who and what is served: long-tail items, opportunity by group, exposure against relevance. */
import type { TopLists } from '../ranking/ranking.ts';

/**
 * [itemCount] 1: a long-tail item, 0: of the short head. The head are the most rated items that together hold a share of
 * the train rows (Abdollahpouri, Burke & Mobasher, Managing popularity bias in recommender systems with personalized
 * re-ranking, FLAIRS 2019: 80 %); among equals the lower index counts as more rated.
 */
export function longTail(trainCount: Uint32Array, headShare = 0.8): Uint8Array {
  const rows = trainCount.reduce((sum, count) => sum + count, 0);
  const order = Uint32Array.from(trainCount, (_, i) => i).sort(
    (a, b) => trainCount[b] - trainCount[a] || a - b,
  );
  const tail = new Uint8Array(trainCount.length).fill(1);
  let held = 0;
  for (const item of order) {
    if (held >= headShare * rows) break;
    held += trainCount[item];
    tail[item] = 0;
  }
  return tail;
}

/**
 * Long-tail items in the first k of each list (Abdollahpouri et al. 2019): their share, whose mean over users is APLT,
 * and their number, whose mean is ACLT. NaN for an empty list.
 */
export function longTailByUser(
  lists: TopLists,
  tail: Uint8Array,
  k: number,
): { share: Float64Array; count: Float64Array } {
  const users = lists.start.length - 1;
  const [share, count] = [0, 1].map(() => new Float64Array(users).fill(NaN));
  for (let u = 0; u < users; u++) {
    const end = Math.min(lists.start[u + 1], lists.start[u] + k);
    const length = end - lists.start[u];
    if (length === 0) continue;
    let found = 0;
    for (let place = lists.start[u]; place < end; place++) found += tail[lists.items[place]];
    share[u] = found / length;
    count[u] = found;
  }
  return { share, count };
}

/** What opportunity is judged by, for users in the order of the lists. */
export interface Opportunity {
  /** [itemCount] group of each item, 0 … groups − 1. */
  readonly groups: Uint8Array | Uint32Array;
  readonly groupCount: number;
  /** [users + 1] into items that are no candidates of the user. */
  readonly seenStart: Uint32Array;
  readonly seen: Uint32Array;
  /** [users + 1] into the user's test items. */
  readonly positiveStart: Uint32Array;
  readonly positives: Uint32Array;
}

export interface Parity {
  /** [groups] chance of an item of the group; NaN where the group has none that could be shown. */
  readonly chances: readonly number[];
  /** Standard deviation of the chances over their mean: 0 all alike. NaN where no group has a chance above 0. */
  readonly spread: number;
}

/**
 * Zhu, Wang & Caverlee, Measuring and mitigating item under-recommendation bias in personalized ranking systems, SIGIR
 * 2020. `parity` (RSP; with groups by popularity PopRSP): the chance that a candidate of a group is in the first k.
 * `opportunity` (REO, PopREO): the chance that a test item of a group is. Lower spreads are fairer.
 */
export function groupParity(
  lists: TopLists,
  { groups, groupCount, seenStart, seen, positiveStart, positives }: Opportunity,
  k: number,
): { parity: Parity; opportunity: Parity } {
  const sizes = new Float64Array(groupCount);
  for (const group of groups) sizes[group]++;
  const [shown, could, hit, wanted] = [0, 1, 2, 3].map(() => new Float64Array(groupCount));
  const users = lists.start.length - 1;
  const seenBy = new Int32Array(groups.length).fill(-1);
  const shownTo = new Int32Array(groups.length).fill(-1);
  for (let u = 0; u < users; u++) {
    for (let g = 0; g < groupCount; g++) could[g] += sizes[g];
    for (let s = seenStart[u]; s < seenStart[u + 1]; s++) {
      if (seenBy[seen[s]] === u) continue;
      seenBy[seen[s]] = u;
      could[groups[seen[s]]]--;
    }
    const end = Math.min(lists.start[u + 1], lists.start[u] + k);
    for (let place = lists.start[u]; place < end; place++) {
      shown[groups[lists.items[place]]]++;
      shownTo[lists.items[place]] = u;
    }
    for (let p = positiveStart[u]; p < positiveStart[u + 1]; p++) {
      wanted[groups[positives[p]]]++;
      if (shownTo[positives[p]] === u) hit[groups[positives[p]]]++;
    }
  }
  return { parity: parityOf(shown, could), opportunity: parityOf(hit, wanted) };
}

function parityOf(of: Float64Array, among: Float64Array): Parity {
  const chances = Array.from(of, (count, g) => count / among[g]);
  return { chances, spread: spreadOf(chances) };
}

/** Standard deviation of the chances over their mean, those that are not known left out. */
export function spreadOf(chances: readonly number[]): number {
  const known = chances.filter((chance) => !Number.isNaN(chance));
  const mean = known.reduce((a, b) => a + b, 0) / known.length;
  const variance = known.reduce((sum, chance) => sum + (chance - mean) ** 2, 0) / known.length;
  return Math.sqrt(variance) / mean;
}

/**
 * [groups] share of all exposure that a group of items gets in the first k, beside its share of the test items: what
 * Singh & Joachims (Fairness of exposure in rankings, KDD 2018) call for to be in proportion. Exposure of a place p is
 * 1 ÷ log₂(p + 1).
 */
export function exposureByGroup(
  lists: TopLists,
  groups: Uint8Array | Uint32Array,
  groupCount: number,
  positives: Uint32Array,
  k: number,
): { exposure: number; relevance: number }[] {
  const [seen, wanted] = [new Float64Array(groupCount), new Float64Array(groupCount)];
  for (let u = 0; u + 1 < lists.start.length; u++) {
    const end = Math.min(lists.start[u + 1], lists.start[u] + k);
    for (let place = lists.start[u]; place < end; place++)
      seen[groups[lists.items[place]]] += 1 / Math.log2(place - lists.start[u] + 2);
  }
  for (const item of positives) wanted[groups[item]]++;
  const [all, relevant] = [seen, wanted].map((values) => values.reduce((a, b) => a + b, 0));
  return Array.from(seen, (exposure, g) => ({ exposure: exposure / all, relevance: wanted[g] / relevant }));
}
