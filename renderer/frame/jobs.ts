import type { Job } from '../../shared/contract.ts';
import { count, duration, shortCount } from '../lib/format.ts';

/** "epoch 23 of 40, 610 k samples/s, 28 s left" */
export function progressText(job: Job): string {
  const parts: string[] = [];
  if (job.kind === 'run' && job.total) parts.push(`epoch ${count(job.done)} of ${count(job.total)}`);
  else if (job.total) parts.push(`${count(job.done)} of ${count(job.total)} ${job.unit}`);
  else if (job.done > 0) parts.push(`${count(job.done)} ${job.unit}`);
  if (job.rate) parts.push(`${shortCount(job.rate)} ${job.kind === 'run' ? 'examples' : job.unit}/s`);
  if (job.secondsLeft !== null) parts.push(`${duration(job.secondsLeft)} left`);
  if (parts.length === 0) parts.push(job.stage || job.status);
  return parts.join(', ');
}

/** Done in [0, 1], or null while the length is unknown. */
export function shareDone(job: Job): number | null {
  return job.total ? Math.min(1, job.done / job.total) : null;
}
