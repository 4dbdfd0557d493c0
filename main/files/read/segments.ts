/**
 * Large plain files on several cores: each worker reads a segment into columns of its own, which are joined in order,
 * so that the result is the same as one thread's to the bit. Only for files without a single quote: a quoted field may
 * run over line ends, and then no place in the middle is known to begin a record.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Profile } from '../../../shared/imports.ts';
import type { fingerprintOf } from '../../ratings/fingerprint.ts';
import type { profileOf } from '../../ratings/profile.ts';
import { assemble, startsOf } from '../columns/arrange.ts';
import type { ArrangedUsers, Columns, UserRange } from '../columns/arrange-users.ts';
import type { RatingBuilder, BuiltSegment, BuildOptions, RowCounts } from '../rating-builder.ts';
import type { Plan } from '../sniff/plan.ts';
import { throwIfAborted } from '../abort.ts';
import { bytesAt } from '../source/source.ts';

/** Smaller files are not worth the start of a worker. */
const LEAST_BYTES = 64 << 20;
const MOST_WORKERS = 4;
/** Where a cut looks for the end of a line. */
const SEARCH = 1 << 20;

export interface SegmentJob {
  plan: Plan;
  build: BuildOptions;
  missingRating: string | null;
  from: number;
  to: number;
  /** Whether the rows stay with the worker until it is told where each belongs. */
  apart: boolean;
}

/**
 * `scatter`: the worker's rows into columns that all share. `arrange`: a range of users, whoever read their rows. Then,
 * of all rows, what takes long to compute.
 */
export type ToSegment =
  | {
      type: 'scatter';
      /** The number in the whole file of each of the worker's users and items. */
      numbers: RowCounts;
      /** Where the worker's next row of each user belongs. */
      next: Uint32Array;
      columns: Columns;
    }
  | { type: 'arrange'; columns: Columns; range: UserRange; kept: Uint32Array }
  | { type: 'fingerprint'; of: Parameters<typeof fingerprintOf> }
  | { type: 'profile'; of: Parameters<typeof profileOf> };

/** `quote`: the file has one after all, and must be read by one thread. */
export type FromSegment =
  | { type: 'progress'; bytes: number; records: number; rejected: number }
  | { type: 'quote' }
  | { type: 'done'; segment: BuiltSegment }
  | { type: 'scattered' }
  | { type: 'arranged'; users: ArrangedUsers }
  | { type: 'fingerprint'; fingerprint: string }
  | { type: 'profile'; profile: Profile };

export interface SegmentOptions {
  missingRating: string | null;
  signal?: AbortSignal;
  onProgress?: (bytes: number, records: number, rejected: number) => void;
  /** Default: one a core, four at most. */
  workers?: number;
}

/** Whether a file is large enough, and of a form that may be cut. */
export function suitsSegments(plan: Plan, builder: RatingBuilder, leastBytes = LEAST_BYTES): boolean {
  return (
    plan.format === 'text' &&
    plan.source.container === 'plain' &&
    plan.encoding === 'utf-8' &&
    plan.wide === null &&
    !plan.wrapped &&
    plan.perLine === null &&
    builder.canJoin &&
    (plan.columns.time >= 0 || plan.timeUnit === null) &&
    plan.source.bytes >= leastBytes &&
    availableParallelism() > 1
  );
}

/** Reads the whole file into the builder; false where it must be read by one thread, the builder then untouched. */
export async function readSegments(
  plan: Plan,
  builder: RatingBuilder,
  options: SegmentOptions,
): Promise<boolean> {
  const script = workerScript();
  const cuts = await findCuts(plan, options.workers ?? Math.min(availableParallelism(), MOST_WORKERS));
  if (script === null || cuts === null) return false;
  const team = startAll(script, plan, builder.options, cuts, options);
  options.signal?.addEventListener('abort', team.stop, { once: true });
  try {
    const segments = await Promise.all(team.workers.map((worker) => worker.segment));
    throwIfAborted(options.signal);
    if (!segments.every((segment) => segment !== null)) return false;
    let line = 0;
    const numbers = segments.map((segment) => {
      const counts = builder.join(segment, line);
      line += segment.lines;
      return counts;
    });
    if (!builder.options.tagged) await arrangeApart(team.workers, segments, numbers, builder);
    return true;
  } catch (error) {
    throwIfAborted(options.signal);
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', team.stop);
    team.stop();
  }
}

/** Positions between lines: 0, …, the end. Null where the lines do not end in LF. */
async function findCuts(plan: Plan, workers: number): Promise<number[] | null> {
  const { path, bytes } = plan.source;
  const cuts = [0];
  for (let k = 1; k < workers; k++) {
    const at = Math.floor((bytes * k) / workers);
    const found = Buffer.from(await bytesAt(path, at, SEARCH)).indexOf(10);
    if (found < 0) return null;
    if (at + found + 1 > (cuts.at(-1) ?? 0)) cuts.push(at + found + 1);
  }
  cuts.push(bytes);
  return cuts;
}

interface Team {
  workers: SegmentWorker[];
  stop: () => void;
}

function startAll(
  script: URL,
  plan: Plan,
  build: BuildOptions,
  cuts: readonly number[],
  { missingRating, onProgress }: SegmentOptions,
): Team {
  const count = cuts.length - 1;
  const states = Array.from({ length: count }, () => ({ bytes: 0, records: 0, rejected: 0 }));
  const report = (): void => {
    const sum = (key: 'bytes' | 'records' | 'rejected'): number =>
      states.reduce((total, state) => total + state[key], 0);
    onProgress?.(sum('bytes'), sum('records'), sum('rejected'));
  };
  const stop = (): void => workers.forEach((worker) => worker.stop());
  const workers = states.map((_, k) => {
    const job: SegmentJob = {
      plan: { ...plan, headerLine: k === 0 ? plan.headerLine : 0 },
      build: { ...build, rejectsFile: null },
      missingRating,
      from: cuts[k],
      to: cuts[k + 1],
      apart: !build.tagged,
    };
    return new SegmentWorker(script, job, {
      progress(state) {
        states[k] = state;
        report();
      },
      quote: stop,
    });
  });
  return { workers, stop };
}

type Progress = Extract<FromSegment, { type: 'progress' }>;

/** A thread with a segment of the file. */
class SegmentWorker {
  /** What it read; null where it met a quote, or was stopped. */
  readonly segment: Promise<BuiltSegment | null>;
  readonly #worker: Worker;

  constructor(script: URL, job: SegmentJob, on: { progress(state: Progress): void; quote(): void }) {
    this.#worker = new Worker(script, { workerData: job, execArgv: [] });
    this.segment = new Promise((resolve, reject) => {
      this.#worker.on('message', (message: FromSegment) => {
        if (message.type === 'progress') on.progress(message);
        else if (message.type === 'quote') on.quote();
        else if (message.type === 'done') resolve(message.segment);
      });
      this.#worker.on('error', reject);
      this.#worker.on('exit', () => resolve(null));
    });
  }

  /** @throws Error where the worker ends before it has answered, or answers another question */
  ask<Type extends FromSegment['type']>(
    message: ToSegment,
    answer: Type,
  ): Promise<Extract<FromSegment, { type: Type }>> {
    return new Promise((resolve, reject) => {
      this.#worker.once('message', (received: FromSegment) => {
        if (received.type === answer) resolve(received as Extract<FromSegment, { type: Type }>);
        else reject(new Error(`unexpected answer ${received.type}`));
      });
      this.#worker.once('error', reject);
      this.#worker.once('exit', () => reject(new Error('A thread that read the file has ended.')));
      this.#worker.postMessage(message);
    });
  }

  stop(): void {
    void this.#worker.terminate();
  }
}

/**
 * Sorts the rows where they were read: each thread puts its own into columns that all share, then arranges the users of
 * a range. The rows of one user stand in the order of segments, which is the file's.
 */
async function arrangeApart(
  workers: readonly SegmentWorker[],
  segments: readonly BuiltSegment[],
  numbers: readonly RowCounts[],
  builder: RatingBuilder,
): Promise<void> {
  const { timed, implicit, duplicates } = builder.options;
  const counts = { user: new Uint32Array(builder.users.size), item: new Uint32Array(builder.items.size) };
  segments.forEach((segment, k) => {
    for (const column of ['user', 'item'] as const)
      addTo(counts[column], numbers[k][column], segment.counts?.[column]);
  });
  const userCount = counts.user.length;
  const itemCount = counts.item.length;
  const start = startsOf(counts.user, new Uint32Array(new SharedArrayBuffer(4 * (userCount + 1))));
  const rows = start[userCount];
  const columns: Columns = {
    item: new Uint32Array(new SharedArrayBuffer(4 * rows)),
    value: new Float32Array(new SharedArrayBuffer(4 * rows)),
    time: timed ? new Float64Array(new SharedArrayBuffer(8 * rows)) : null,
    tag: null,
  };
  const next = start.slice(0, userCount);
  await Promise.all(
    workers.map((worker, k) => {
      const answer = worker.ask({ type: 'scatter', numbers: numbers[k], next, columns }, 'scattered');
      addTo(next, numbers[k].user, segments[k].counts?.user);
      return answer;
    }),
  );
  const kept = new Uint32Array(new SharedArrayBuffer(4 * userCount));
  const ranges = rangesOf(start, workers.length);
  const parts = await Promise.all(
    workers.map(async (worker, k) => {
      const range = { start, ...ranges[k], itemCount, duplicates };
      const { users } = await worker.ask({ type: 'arrange', columns, range, kept }, 'arranged');
      return { ...ranges[k], ...users };
    }),
  );
  const arranged = assemble(columns, start, kept, parts, { itemCount, implicit });
  const { ratings } = arranged;
  const [first, second = first] = workers;
  const [{ fingerprint }, { profile }] = await Promise.all([
    first.ask(
      { type: 'fingerprint', of: [ratings, builder.users.ids(), builder.items.ids(), null] },
      'fingerprint',
    ),
    second.ask({ type: 'profile', of: [ratings, builder.options.timeKind] }, 'profile'),
  ]);
  builder.takeArranged({ ...arranged, counts, fingerprint, profile });
}

/** Adds the counts of a segment to the whole file's. */
function addTo(sums: Uint32Array, numbers: Uint32Array, counts: Uint32Array | undefined): void {
  if (counts) numbers.forEach((number, k) => (sums[number] += counts[k]));
}

/** Ranges of users with about as many rows each. */
function rangesOf(start: Uint32Array, count: number): { from: number; to: number }[] {
  const userCount = start.length - 1;
  const ranges: { from: number; to: number }[] = [];
  for (let k = 0, from = 0; k < count; k++) {
    let to = k === count - 1 ? userCount : from;
    while (to < userCount && start[to] < (start[userCount] * (k + 1)) / count) to++;
    ranges.push({ from, to });
    from = to;
  }
  return ranges;
}

/** The worker beside this file: a source file in development, a bundle in the built app. */
function workerScript(): URL | null {
  const source = import.meta.url.endsWith('.ts');
  const names = source
    ? ['../../entries/segment-worker.ts']
    : ['./segment-worker.js', '../segment-worker.js'];
  return names.map((name) => new URL(name, import.meta.url)).find((url) => existsSync(url)) ?? null;
}
