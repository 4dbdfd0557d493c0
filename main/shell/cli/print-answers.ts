/** What a command prints: one JSON value on stdout with --json, else text for a person; progress on stderr. */
import type { ErrorShape, Job } from '../../../shared/contract.ts';
import type { ImportOutcome } from '../../../shared/imports.ts';
import { toErrorShape } from '../../engine/failures.ts';
import type { Host } from './open-host.ts';
import { accountText, hasInterpretations, sentencesOf } from './import-text.ts';
import { printable, printableJson, printableLine } from './printable.ts';
import { figure } from './text.ts';

/** Failures of the machine or of the work; everything else is wrong use or input. */
const failed = new Set([
  'internal',
  'cancelled',
  'checkpoint-damaged',
  'compute-unavailable',
  'database-damaged',
  'database-missing',
  'database-newer',
  'dataset-damaged',
  'disk-full',
  'engine-busy',
  'engine-closed',
  'engine-ended',
  'engine-silent',
  'engine-stopped',
  'folder-moved',
  'folder-owned',
  'folder-unusable',
  'import-failed',
  'importer-ended',
  'loss-exploded',
  'no-socket-folder',
  'out-of-memory',
  'port-taken',
  'restore-failed',
  'process-ended',
  'staging-incomplete',
  'trainer-ended',
  'training-failed',
]);

/** 1: it failed; 2: it was asked for wrongly, or the input cannot be used. */
export function exitCodeOf(error: ErrorShape): 1 | 2 {
  return failed.has(error.code) ? 1 : 2;
}

let printed = false;

export function printJson(value: unknown): void {
  printed = true;
  process.stdout.write(`${printableJson(value)}\n`);
}

/** Prints an error and returns the exit code. `details` of an import stand beside `error`, as the contract says. */
export function printError(thrown: unknown, json: boolean): 1 | 2 {
  const { details, ...error } = toErrorShape(thrown);
  if (json) {
    const known = typeof details === 'object' && details !== null ? details : {};
    printJson({ error, ...known, ...(hasInterpretations(details) ? sentencesOf(details) : {}) });
  } else {
    const account = isAccount(details) ? `${accountText(details).join('\n')}\n` : '';
    const said = hasInterpretations(details) ? Object.values(sentencesOf(details)).flat() : [];
    process.stderr.write(printable([`${error.message}\n${account}${error.hint}`, ...said, ''].join('\n')));
  }
  return exitCodeOf(error);
}

/** What nobody caught, a fault of the workbench: one JSON value all the same, or a sentence, and the end. */
export function giveUp(thrown: unknown): never {
  printError(thrown, process.argv.includes('--json') && !printed);
  process.exit(1);
}

function isAccount(
  details: unknown,
): details is Pick<ImportOutcome, 'accounting' | 'rejectKinds' | 'rejects'> {
  return typeof details === 'object' && details !== null && 'accounting' in details && 'rejects' in details;
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
    const progress = printableLine(progressLine(message.payload));
    process.stderr.write(live ? `\r\u001b[K${progress}` : `${progress}\n`);
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
  const ended = job.status !== 'running' && job.status !== 'queued';
  if (ended) return `${job.title}: ${job.status}`;
  const share = job.total
    ? ` ${Math.round((100 * job.done) / job.total)} %`
    : job.done > 0
      ? ` ${figure(Math.round(job.done))}`
      : '';
  const rate = job.rate ? `, ${figure(Math.round(job.rate))} a second` : '';
  const left = job.secondsLeft ? `, ${Math.ceil(job.secondsLeft)} s left` : '';
  const unit = share === '' ? '' : ` ${job.unit}`;
  return `${job.title}: ${job.stage || job.status}${share}${unit}${rate}${left}`;
}
