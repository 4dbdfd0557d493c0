/** What a command prints: one JSON value on stdout with --json, else text for a person; progress on stderr. */
import type { ErrorShape, Job } from '../../../shared/contract.ts';
import { toErrorShape } from '../../engine/failures.ts';
import type { Host } from './host.ts';

/** Failures of the machine or of the work; everything else is wrong use or input. */
const failed = new Set([
  'internal',
  'cancelled',
  'compute-unavailable',
  'database-damaged',
  'database-newer',
  'dataset-damaged',
  'disk-full',
  'engine-unreachable',
  'folder-owned',
  'folder-unusable',
  'importer-ended',
  'loss-exploded',
  'port-taken',
  'process-ended',
  'trainer-ended',
]);

/** 1: it failed; 2: it was asked for wrongly, or the input cannot be used. */
export function exitCodeOf(error: ErrorShape): 1 | 2 {
  return failed.has(error.code) ? 1 : 2;
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Prints an error and returns the exit code. `details` of an import stand beside `error`, as the contract says. */
export function printError(thrown: unknown, json: boolean): 1 | 2 {
  const { details, ...error } = toErrorShape(thrown);
  if (json) {
    printJson({ error, ...(typeof details === 'object' && details !== null ? details : {}) });
  } else {
    process.stderr.write(`${error.message}\n${error.hint}\n`);
  }
  return exitCodeOf(error);
}

/** Aligned columns: text left, figures right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => (cell === null ? '–' : figure(cell))));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const right = head.map(
    (_, column) => rows.length > 0 && rows.every((row) => typeof row[column] !== 'string'),
  );
  return cells
    .map((row) =>
      row
        .map((cell, column) => (right[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A number as people read it: grouped when whole, four figures after the point when not. */
export function figure(value: string | number): string {
  if (typeof value === 'string') return value;
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  return Math.abs(value) >= 100 ? value.toFixed(1) : value.toFixed(4);
}

/**
 * Waits for a job with its progress on stderr, and cancels it on Ctrl+C.
 * @returns the job's result
 */
export async function waitFor(host: Host, job: string): Promise<unknown> {
  const live = process.stderr.isTTY;
  let shown = 0;
  const unsubscribe = host.subscribe((message) => {
    if (message.event !== 'jobs.changed' || message.payload.id !== job) return;
    const now = performance.now();
    if (now - shown < (live ? 100 : 2000) && message.payload.status === 'running') return;
    shown = now;
    process.stderr.write(
      live ? `\r\u001b[K${progressLine(message.payload)}` : `${progressLine(message.payload)}\n`,
    );
  });
  const cancel = (): void => {
    host.invoke('jobs.cancel', { job }).catch(() => undefined);
  };
  process.once('SIGINT', cancel);
  process.once('SIGTERM', cancel);
  try {
    return await host.invoke('jobs.wait', { job });
  } finally {
    unsubscribe();
    process.off('SIGINT', cancel);
    process.off('SIGTERM', cancel);
    if (live && shown > 0) process.stderr.write('\n');
  }
}

function progressLine(job: Job): string {
  const share = job.total
    ? ` ${Math.round((100 * job.done) / job.total)} %`
    : ` ${figure(Math.round(job.done))}`;
  const rate = job.rate ? `, ${figure(Math.round(job.rate))} a second` : '';
  const left = job.secondsLeft ? `, ${Math.ceil(job.secondsLeft)} s left` : '';
  return `${job.title}: ${job.stage || job.status}${share} ${job.unit}${rate}${left}`;
}
