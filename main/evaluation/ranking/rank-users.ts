import type { RankingResult, RankingTask, RankUsers } from './ranking.ts';
import { TopList } from './top-list.ts';

/** The lowest finite float32: what is not a number, or −∞, counts as this. */
const LOWEST = -3.4028234663852886e38;
/** Scores of a block of users take about this many bytes. */
const BLOCK_BYTES = 4 << 20;
const BLOCK_USERS = 128;

/**
 * Full ranking in plain code, for any scorer: users in blocks, a bitset of what each has seen, places by counting and
 * lists by a heap. Nothing is sorted but the user's own positives.
 */
export const rankUsers: RankUsers = async (scorer, task, tick) => {
  const { itemCount, users, listLength } = task;
  const perBlock = Math.max(1, Math.min(BLOCK_USERS, Math.floor(BLOCK_BYTES / 4 / itemCount)));
  const scores = new Float32Array(perBlock * itemCount);
  const counter = new UserCounter(task);
  for (let from = 0; from < users.length; from += perBlock) {
    const block = users.subarray(from, Math.min(from + perBlock, users.length));
    await scorer.scoreUsers(block, scores.subarray(0, block.length * itemCount));
    for (let b = 0; b < block.length; b++)
      counter.count(from + b, scores.subarray(b * itemCount, (b + 1) * itemCount));
    await tick?.();
  }
  return counter.result(listLength > 0);
};

/** Takes users one by one with their scores and gathers a RankingResult. */
class UserCounter {
  readonly #task: RankingTask;
  readonly #above: Uint32Array;
  readonly #equal: Uint32Array;
  readonly #candidates: Uint32Array;
  readonly #listStart: Uint32Array;
  readonly #listItems: Uint32Array;
  readonly #listScores: Float32Array;
  /** Bitsets over the items: who is no candidate for anyone, and for the user at hand. */
  readonly #excluded: Uint32Array;
  readonly #masked: Uint32Array;
  readonly #top: TopList;
  #constantUsers = 0;
  #notNumbers = 0;

  constructor(task: RankingTask) {
    const { users, itemCount } = task;
    const longest = Math.min(task.listLength, itemCount);
    this.#task = task;
    this.#above = new Uint32Array(task.positives.length);
    this.#equal = new Uint32Array(task.positives.length);
    this.#candidates = new Uint32Array(users.length);
    this.#listStart = new Uint32Array(users.length + 1);
    this.#listItems = new Uint32Array(users.length * longest);
    this.#listScores = new Float32Array(users.length * longest);
    this.#masked = new Uint32Array((itemCount + 31) >>> 5);
    this.#excluded = new Uint32Array(this.#masked.length);
    task.excluded?.forEach((out, i) => out && (this.#excluded[i >>> 5] |= 1 << (i & 31)));
    this.#top = new TopList(longest);
  }

  /** @param scores [itemCount] of user number `k`; overwritten where they are not numbers. */
  count(k: number, scores: Float32Array): void {
    const { positives, positiveStart, seen, seenStart } = this.#task;
    const masked = this.#masked;
    masked.set(this.#excluded);
    for (let s = seenStart[k]; s < seenStart[k + 1]; s++) masked[seen[s] >>> 5] |= 1 << (seen[s] & 31);

    let candidates = 0;
    let lowest = Infinity;
    let highest = -Infinity;
    for (let i = 0; i < scores.length; i++) {
      if (!(scores[i] >= LOWEST)) {
        if (Number.isNaN(scores[i])) this.#notNumbers++;
        scores[i] = LOWEST;
      }
      if ((masked[i >>> 5] >>> (i & 31)) & 1) continue;
      candidates++;
      if (scores[i] < lowest) lowest = scores[i];
      if (scores[i] > highest) highest = scores[i];
    }
    this.#candidates[k] = candidates;
    if (candidates > 1 && lowest === highest) this.#constantUsers++;

    const from = positiveStart[k];
    const to = positiveStart[k + 1];
    if (to - from === 1) this.#placeOne(from, scores, positives[from]);
    else if (to > from) this.#placeMany(from, to, scores);
    this.#list(k, scores);
  }

  #placeOne(p: number, scores: Float32Array, item: number): void {
    const masked = this.#masked;
    const score = scores[item];
    let above = 0;
    let equal = -1;
    for (let i = 0; i < scores.length; i++) {
      if (scores[i] < score || (masked[i >>> 5] >>> (i & 31)) & 1) continue;
      if (scores[i] === score) equal++;
      else above++;
    }
    this.#above[p] = above;
    this.#equal[p] = equal;
  }

  /** One binary search a candidate among the distinct scores of the positives. */
  #placeMany(from: number, to: number, scores: Float32Array): void {
    const masked = this.#masked;
    const items = this.#task.positives;
    const levels = new Float32Array(to - from);
    for (let p = from; p < to; p++) levels[p - from] = scores[items[p]];
    levels.sort();
    const between = new Uint32Array(levels.length + 1);
    const on = new Uint32Array(levels.length);
    for (let i = 0; i < scores.length; i++) {
      if (scores[i] < levels[0] || (masked[i >>> 5] >>> (i & 31)) & 1) continue;
      const at = lowerBound(levels, scores[i]);
      if (at < levels.length && levels[at] === scores[i]) on[at]++;
      else between[at]++;
    }
    for (let p = from; p < to; p++) {
      const at = lowerBound(levels, scores[items[p]]);
      let above = 0;
      for (let l = at + 1; l <= levels.length; l++) above += between[l];
      for (let l = at + 1; l < levels.length; l++) above += on[l];
      this.#above[p] = above;
      this.#equal[p] = on[at] - 1;
    }
  }

  #list(k: number, scores: Float32Array): void {
    const masked = this.#masked;
    const top = this.#top;
    if (top.length > 0)
      for (let i = 0; i < scores.length; i++) {
        if (scores[i] < top.threshold || (masked[i >>> 5] >>> (i & 31)) & 1) continue;
        top.offer(i, scores[i]);
      }
    const at = this.#listStart[k];
    this.#listStart[k + 1] = at + top.drain(this.#listItems, this.#listScores, at);
  }

  result(withLists: boolean): RankingResult {
    const end = this.#listStart[this.#task.users.length];
    return {
      above: this.#above,
      equal: this.#equal,
      candidates: this.#candidates,
      constantUsers: this.#constantUsers,
      notNumbers: this.#notNumbers,
      lists: withLists
        ? {
            users: this.#task.users,
            start: this.#listStart,
            items: this.#listItems.slice(0, end),
            scores: this.#listScores.slice(0, end),
          }
        : null,
    };
  }
}

/** First index whose value is not below `value`. */
function lowerBound(ascending: Float32Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
