import type { Job } from '../../shared/contract.ts';
import { bytes, count, duration, moment, shortCount } from '../lib/format.ts';

/** "epoch 23 of 40, 610 k samples/s, 28 s left" */
export function progressText(job: Job): string {
  const parts: string[] = [];
  if (job.kind === 'run' && job.total) parts.push(`epoch ${count(job.done)} of ${count(job.total)}`);
  else if (job.total) parts.push(`${amount(job, job.done)} of ${amount(job, job.total)}${noun(job)}`);
  else if (job.done > 0) parts.push(`${amount(job, job.done)}${noun(job)}`);
  if (job.rate) parts.push(rateText(job, job.rate));
  if (job.secondsLeft !== null) parts.push(`${duration(job.secondsLeft)} left`);
  if (parts.length === 0)
    parts.push(job.stage || (job.status === 'queued' ? 'waits for its turn' : job.status));
  return parts.join(', ');
}

const amount = (job: Job, value: number) => (job.unit === 'bytes' ? bytes(value) : count(value));
const noun = (job: Job) => (job.unit === 'bytes' ? '' : ` ${job.unit}`);

function rateText(job: Job, rate: number): string {
  const unit = job.rateUnit ?? (job.kind === 'run' ? 'examples' : job.unit);
  return unit === 'bytes' ? `${bytes(rate)}/s` : `${shortCount(Math.round(rate))} ${unit}/s`;
}

/** "2026-11-20 14:32, took 12 s" */
export function endText({ startedAt, endedAt }: Job): string {
  return endedAt === null ? '' : `${moment(endedAt)}, took ${duration((endedAt - startedAt) / 1000)}`;
}

/** Done in [0, 1], or null while the length is unknown. */
export function shareDone(job: Job): number | null {
  return job.total ? Math.min(1, job.done / job.total) : null;
}
