import type { WorkbenchEvent } from '../../../shared/contract.ts';

/** What of the system tells that the engine is at work. */
export interface SystemSigns {
  /** The taskbar's or dock's bar: 0 … 1, more than 1: unknown length, −1: none. */
  setProgress(progress: number, mode: 'normal' | 'indeterminate' | 'error' | 'none'): void;
  /** Keeps the machine from falling asleep, until the returned function is called. */
  blockSleep(): () => void;
}

export interface Activity {
  /** Whether a run is training or a job is under way. */
  readonly isBusy: boolean;
  end(): void;
}

/** Shows the engine's state in the taskbar, and keeps the machine awake while it works. */
export function showActivity(
  subscribe: (listener: (event: WorkbenchEvent) => void) => () => void,
  signs: SystemSigns,
): Activity {
  let allowSleep: (() => void) | null = null;
  const rest = (): void => {
    allowSleep?.();
    allowSleep = null;
  };
  const unsubscribe = subscribe(({ event, payload }) => {
    if (event !== 'engine.changed') return;
    if (payload.status === 'running') {
      allowSleep ??= signs.blockSleep();
      if (payload.progress === null) signs.setProgress(2, 'indeterminate');
      else signs.setProgress(payload.progress, 'normal');
      return;
    }
    rest();
    if (payload.status === 'error') signs.setProgress(1, 'error');
    else signs.setProgress(-1, 'none');
  });
  return {
    get isBusy() {
      return allowSleep !== null;
    },
    end() {
      unsubscribe();
      rest();
    },
  };
}
