import type { Job, WorkbenchEvent } from '../../../shared/contract.ts';

/** What of the system tells that the engine is at work. */
export interface SystemSigns {
  /** The taskbar's or dock's bar: 0 … 1, more than 1: unknown length, −1: none. */
  setProgress(progress: number, mode: 'normal' | 'indeterminate' | 'error' | 'none'): void;
  /** Keeps the machine from falling asleep, until the returned function is called. */
  blockSleep(): () => void;
}

export interface Activity {
  /** Work that has not ended: runs, imports, exports, backups, downloads; queued ones too. */
  readonly underWay: readonly Job[];
  /** The engine that did the work is gone. */
  forget(): void;
  end(): void;
}

/** Shows the engine's work in the taskbar, and keeps the machine awake while there is any. */
export function showActivity(
  subscribe: (listener: (event: WorkbenchEvent) => void) => () => void,
  signs: SystemSigns,
): Activity {
  const jobs = new Map<string, Job>();
  let allowSleep: (() => void) | null = null;
  const rest = (): void => {
    allowSleep?.();
    allowSleep = null;
  };
  const show = (): void => {
    const [job] = [...jobs.values()].filter(({ status }) => status === 'running');
    if (jobs.size === 0) {
      rest();
      signs.setProgress(-1, 'none');
      return;
    }
    allowSleep ??= signs.blockSleep();
    if (job?.total) signs.setProgress(job.done / job.total, 'normal');
    else signs.setProgress(2, 'indeterminate');
  };
  const unsubscribe = subscribe(({ event, payload }) => {
    if (event === 'jobs.changed') {
      if (payload.status === 'running' || payload.status === 'queued') jobs.set(payload.id, payload);
      else jobs.delete(payload.id);
      show();
    } else if (event === 'engine.changed' && payload.status === 'error') signs.setProgress(1, 'error');
  });
  return {
    get underWay() {
      return [...jobs.values()];
    },
    forget() {
      jobs.clear();
      show();
    },
    end() {
      unsubscribe();
      rest();
    },
  };
}
