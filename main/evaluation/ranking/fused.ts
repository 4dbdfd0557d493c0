/** Full ranking on the fused engine: the same task and result as the plain code of main/evaluation/rank-users.ts. */
import type { RankingResult, RankingTask, RankUsers, TopLists } from './ranking.ts';
import type { Factors, Scorer } from '../../model/model.ts';
import { createBlock, padded, type Block } from '../../kernels/block.ts';
import {
  BLOCK as BLOCK_USERS,
  packPanels,
  rankByFactors,
  rankByScores,
  Ranking,
} from './kernels.generated.ts';
import { loadKernels, type Kernels } from '../../kernels/kernels.ts';
import type { Buffer } from '../../kernels/shared-memory.ts';

/** Users of one chunk, whose arrays are in kernel memory at a time: this many, or fewer with so many bytes of factors. */
const CHUNK_USERS = 8192;
const CHUNK_BYTES = 2 << 20;
/** Items whose factors are packed at a time; a multiple of 8. */
const PACKED_ITEMS = 256;
/** A call takes about this long. */
const SLICE_MS = 15;
/** Bytes of a block of scores that a scorer writes. */
const BLOCK_BYTES = 4 << 20;

/** Ranks by kernels: factors in tiles, other scorers by what they write to kernel memory. Its threads are `kernels`'. */
export function kernelRanking(kernels: Kernels): RankUsers {
  return async (scorer, task, tick) => {
    const mark = kernels.memory.mark();
    try {
      const ranking = new KernelRanking(kernels, scorer, task);
      const fitting = Math.floor(CHUNK_BYTES / 4 / (scorer.factors?.k ?? 1));
      const chunk = Math.max(BLOCK_USERS * kernels.threads, Math.min(CHUNK_USERS, fitting));
      for (let from = 0; from < task.users.length; from += chunk)
        await ranking.rankChunk(from, Math.min(task.users.length, from + chunk), tick);
      return ranking.result();
    } finally {
      kernels.memory.release(mark);
    }
  };
}

/**
 * Ranking on the kernels of a model, or, for a model of another engine, on some of its own that `dispose` ends. Null
 * where the kernels do not load: then the plain code ranks.
 */
export async function openKernelRanking(
  kernels: Kernels | null,
): Promise<{ rank: RankUsers; dispose(): void } | null> {
  if (kernels) return { rank: kernelRanking(kernels), dispose: () => undefined };
  const own = await loadKernels().catch(() => null);
  return own && { rank: kernelRanking(own), dispose: () => own.dispose() };
}

interface Chunk {
  readonly above: Buffer<Uint32Array>;
  readonly equal: Buffer<Uint32Array>;
  readonly candidates: Buffer<Uint32Array>;
  readonly listItems: Buffer<Uint32Array>;
  readonly listScores: Buffer<Float32Array>;
  readonly listCount: Buffer<Uint32Array>;
  readonly block: Block<keyof typeof Ranking.fields>;
}

class KernelRanking {
  readonly #kernels: Kernels;
  readonly #scorer: Scorer;
  readonly #task: RankingTask;
  readonly #length: number;
  /** Addresses that all chunks share. */
  readonly #shared: Record<'panels' | 'bias' | 'excluded' | 'excludedCount' | 'heap' | 'heapBytes', number>;
  readonly #result: { above: Uint32Array; equal: Uint32Array; candidates: Uint32Array };
  readonly #listStart: Uint32Array;
  readonly #listItems: Uint32Array;
  readonly #listScores: Float32Array;
  #constantUsers = 0;
  #notNumbers = 0;
  #usersPerCall = BLOCK_USERS * 8;

  constructor(kernels: Kernels, scorer: Scorer, task: RankingTask) {
    const { memory, threads } = kernels;
    this.#kernels = kernels;
    this.#scorer = scorer;
    this.#task = task;
    this.#length = Math.min(task.listLength, task.itemCount);
    const excluded = Uint32Array.from((task.excluded ?? []).entries(), ([i, out]) => (out ? i + 1 : 0))
      .filter((i) => i > 0)
      .map((i) => i - 1);
    const heapBytes = padded(this.#length * 8, 64);
    this.#shared = {
      panels: 0,
      bias: 0,
      excluded: memory.copyU32(excluded).at,
      excludedCount: excluded.length,
      heap: memory.allocate(threads * heapBytes),
      heapBytes,
      ...(scorer.factors ? this.#packItems(scorer.factors) : {}),
    };
    this.#result = {
      above: new Uint32Array(task.positives.length),
      equal: new Uint32Array(task.positives.length),
      candidates: new Uint32Array(task.users.length),
    };
    this.#listStart = new Uint32Array(task.users.length + 1);
    this.#listItems = new Uint32Array(task.users.length * this.#length);
    this.#listScores = new Float32Array(task.users.length * this.#length);
  }

  #packItems({ items, k, itemBias }: Factors): { panels: number; bias: number } {
    const { memory } = this.#kernels;
    const { itemCount } = this.#task;
    const columns = padded(itemCount, 8);
    const panels = memory.f32(columns * k);
    const bias = memory.f32(itemBias ? columns : 0);
    if (itemBias) bias.data.set(itemBias);
    const mark = memory.mark();
    const source = memory.f32(Math.min(PACKED_ITEMS, itemCount) * k);
    for (let first = 0; first < itemCount; first += PACKED_ITEMS) {
      const last = Math.min(itemCount, first + PACKED_ITEMS);
      source.data.set(items.subarray(first * k, last * k));
      this.#kernels.run(packPanels, {
        items: source.at,
        stride: k * 4,
        count: last - first,
        k,
        panels: panels.at + first * k * 4,
      });
    }
    memory.release(mark);
    return { panels: panels.at, bias: itemBias ? bias.at : 0 };
  }

  async rankChunk(from: number, to: number, tick?: () => Promise<void>): Promise<void> {
    const { memory } = this.#kernels;
    const mark = memory.mark();
    try {
      const chunk = this.#openChunk(from, to);
      const { factors } = this.#scorer;
      if (factors) await this.#rankByFactors(chunk, factors, from, to, tick);
      else await this.#rankByScores(chunk, from, to, tick);
      this.#take(chunk, from, to);
    } finally {
      memory.release(mark);
    }
  }

  #openChunk(from: number, to: number): Chunk {
    const { memory } = this.#kernels;
    const { positiveStart, positives, seenStart, seen, itemCount } = this.#task;
    const users = to - from;
    const rebased = (start: Uint32Array): number =>
      memory.copyU32(start.subarray(from, to + 1).map((at) => at - start[from])).at;
    const count = positiveStart[to] - positiveStart[from];
    const chunk = {
      above: memory.u32(count),
      equal: memory.u32(count),
      candidates: memory.u32(users),
      listItems: memory.u32(users * this.#length),
      listScores: memory.f32(users * this.#length),
      listCount: memory.u32(users),
    };
    const block = createBlock(memory, Ranking, {
      itemCount,
      stride: itemCount,
      factors: 0,
      users: 0,
      ...this.#shared,
      scores: 0,
      positiveStart: rebased(positiveStart),
      positives: memory.copyU32(positives.subarray(positiveStart[from], positiveStart[to])).at,
      seenStart: rebased(seenStart),
      seen: memory.copyU32(seen.subarray(seenStart[from], seenStart[to])).at,
      listLength: this.#length,
      above: chunk.above.at,
      equal: chunk.equal.at,
      candidates: chunk.candidates.at,
      listItems: chunk.listItems.at,
      listScores: chunk.listScores.at,
      listCount: chunk.listCount.at,
      constantUsers: 0,
      notNumbers: 0,
    });
    return { ...chunk, block };
  }

  async #rankByFactors(
    chunk: Chunk,
    factors: Factors,
    from: number,
    to: number,
    tick?: () => Promise<void>,
  ): Promise<void> {
    const { memory, threads } = this.#kernels;
    const stride = padded(this.#task.itemCount, 8);
    // The last tile of four rows reads past the last user.
    const { k } = factors;
    const users = memory.f32(padded(to - from, 4) * k);
    const { writeUser = (user, out, at) => out.set(factors.users.subarray(user * k, (user + 1) * k), at) } =
      factors;
    this.#task.users.subarray(from, to).forEach((user, row) => writeUser(user, users.data, row * k));
    chunk.block.set('stride', stride);
    chunk.block.set('factors', k);
    chunk.block.set('users', users.at);
    chunk.block.set('scores', memory.f32(threads * BLOCK_USERS * stride).at);
    for (let first = 0; first < to - from;) {
      const last = Math.min(to - from, first + this.#usersPerCall);
      const start = performance.now();
      this.#kernels.run(rankByFactors, { block: chunk.block.at, from: first, to: last });
      const fitting = ((last - first) * SLICE_MS) / Math.max(0.05, performance.now() - start);
      const step = BLOCK_USERS * threads;
      this.#usersPerCall = Math.max(
        step,
        Math.floor(Math.min(4 * this.#usersPerCall, fitting) / step) * step,
      );
      first = last;
      await tick?.();
    }
  }

  async #rankByScores(chunk: Chunk, from: number, to: number, tick?: () => Promise<void>): Promise<void> {
    const { itemCount, users } = this.#task;
    const block = Math.max(1, Math.min(to - from, Math.floor(BLOCK_BYTES / 4 / itemCount)));
    const scores = this.#kernels.memory.f32(block * itemCount);
    chunk.block.set('scores', scores.at);
    for (let first = 0; first < to - from; first += block) {
      const count = Math.min(block, to - from - first);
      const out = scores.data.subarray(0, count * itemCount);
      await this.#scorer.scoreUsers(users.subarray(from + first, from + first + count), out);
      this.#kernels.run(rankByScores, { block: chunk.block.at, first, count });
      await tick?.();
    }
  }

  #take(chunk: Chunk, from: number, to: number): void {
    const first = this.#task.positiveStart[from];
    this.#result.above.set(chunk.above.data, first);
    this.#result.equal.set(chunk.equal.data, first);
    this.#result.candidates.set(chunk.candidates.data, from);
    this.#constantUsers += chunk.block.get('constantUsers');
    this.#notNumbers += chunk.block.get('notNumbers');
    const length = this.#length;
    for (let u = 0; u < to - from; u++) {
      const count = chunk.listCount.data[u];
      const at = this.#listStart[from + u];
      this.#listItems.set(chunk.listItems.data.subarray(u * length, u * length + count), at);
      this.#listScores.set(chunk.listScores.data.subarray(u * length, u * length + count), at);
      this.#listStart[from + u + 1] = at + count;
    }
  }

  result(): RankingResult {
    const end = this.#listStart[this.#task.users.length];
    const lists: TopLists = {
      users: this.#task.users,
      start: this.#listStart,
      items: firstOf(this.#listItems, end),
      scores: firstOf(this.#listScores, end),
    };
    return {
      ...this.#result,
      constantUsers: this.#constantUsers,
      notNumbers: this.#notNumbers,
      lists: this.#task.listLength > 0 ? lists : null,
    };
  }
}

/** The first `n`: the array itself where it has no more (lists of many users are large), else a copy. */
function firstOf<T extends Uint32Array | Float32Array>(array: T, n: number): T {
  return array.length === n ? array : (array.slice(0, n) as T);
}
