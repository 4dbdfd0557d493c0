import type { Job } from '../../shared/contract.ts';
import { invoke } from './engine-api.ts';

/** Trials come by the dozen; their sweep or tournament tells how far they are, and is what can be cancelled. */
const isShown = ({ kind }: Job): boolean => kind !== 'trial';

/** Everything that takes time: imports, runs, sweeps, exports. Ended ones stay in the tray until the restart. */
class Jobs {
  list = $state.raw<Job[]>([]);
  active = $derived(this.list.filter((job) => job.status === 'running' || job.status === 'queued'));
  running = $derived(this.list.filter((job) => job.status === 'running'));

  find(id: string | null): Job | null {
    return this.list.find((job) => job.id === id) ?? null;
  }
  async refresh(): Promise<void> {
    this.list = (await invoke('jobs.list', {})).filter(isShown);
  }
  put(job: Job): void {
    if (!isShown(job)) return;
    const at = this.list.findIndex((one) => one.id === job.id);
    this.list = at < 0 ? [...this.list, job] : this.list.with(at, job);
  }
  /** Waits for a job's end: its result, or its error thrown. */
  wait(job: string): Promise<unknown> {
    return invoke('jobs.wait', { job });
  }
}

export const jobs = new Jobs();
