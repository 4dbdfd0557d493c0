/**
 * Large plain files on several cores: each worker reads a segment into columns of its own, which are joined in order,
 * so that the result is the same as one thread's to the bit. Only for files without a single quote: a quoted field may
 * run over line ends, and then no place in the middle is known to begin a record.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { RatingBuilder, BuiltSegment, BuildOptions } from '../rating-builder.ts';
import type { Plan } from '../sniff/plan.ts';
import { bytesAt, throwIfAborted } from '../source/source.ts';

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
}

/** `quote`: the file has one after all, and must be read by one thread. */
export type FromSegment =
  | { type: 'progress'; bytes: number; records: number; rejected: number }
  | { type: 'quote' }
  | { type: 'done'; segment: BuiltSegment };

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
  let segments: (BuiltSegment | null)[];
  try {
    segments = await Promise.all(team.results);
  } finally {
    options.signal?.removeEventListener('abort', team.stop);
    team.stop();
  }
  throwIfAborted(options.signal);
  if (segments.includes(null)) return false;
  let line = 0;
  for (const segment of segments) {
    if (segment === null) continue;
    builder.join(segment, line);
    line += segment.lines;
  }
  return true;
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
  /** Each null where its worker met a quote, or was stopped. */
  results: Promise<BuiltSegment | null>[];
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
  const workers = states.map((_, k) => {
    const job: SegmentJob = {
      plan: { ...plan, headerLine: k === 0 ? plan.headerLine : 0 },
      build: { ...build, rejectsFile: null },
      missingRating,
      from: cuts[k],
      to: cuts[k + 1],
    };
    return new Worker(script, { workerData: job, execArgv: [] });
  });
  const stop = (): void => workers.forEach((worker) => void worker.terminate());
  const results = workers.map(
    (worker, k) =>
      new Promise<BuiltSegment | null>((resolve, reject) => {
        worker.on('message', (message: FromSegment) => {
          if (message.type === 'done') resolve(message.segment);
          else if (message.type === 'quote') stop();
          else {
            states[k] = message;
            report();
          }
        });
        worker.on('error', reject);
        worker.on('exit', () => resolve(null));
      }),
  );
  return { results, stop };
}

/** The worker beside this file: a source file in development, a bundle in the built app. */
function workerScript(): URL | null {
  const source = import.meta.url.endsWith('.ts');
  const names = source
    ? ['../../entries/segment-worker.ts']
    : ['./segment-worker.js', '../segment-worker.js'];
  return names.map((name) => new URL(name, import.meta.url)).find((url) => existsSync(url)) ?? null;
}
