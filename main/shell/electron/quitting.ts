/** How the app ends: asks where work is under way, and gives the engine its grace period. */
import { app, dialog, type BrowserWindow } from 'electron';
import type { Job } from '../../../shared/contract.ts';
import type { EngineLink } from '../../process/engine-link.ts';
import type { Activity } from './activity.ts';

export function quitInOrder(
  window: BrowserWindow,
  engine: Pick<EngineLink, 'stop'>,
  activity: Activity,
): void {
  let agreed = false;
  let stopped = false;
  const mayQuit = (): boolean => {
    // A window that was closed has asked its question on closing.
    if (agreed || window.isDestroyed() || activity.underWay.length === 0) return true;
    agreed = isAgreed(window, activity.underWay);
    return agreed;
  };
  window.on('close', (event) => {
    if (!mayQuit()) event.preventDefault();
  });
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    if (!mayQuit()) return;
    stopped = true;
    activity.end();
    // A run in training is marked, the database is closed.
    void engine.stop().finally(() => app.quit());
  });
}

/** Of these what was learned is kept. */
const training = new Set<Job['kind']>(['run', 'trial', 'sweep', 'tournament']);

function isAgreed(window: BrowserWindow, jobs: readonly Job[]): boolean {
  const isRun = jobs.some(({ kind }) => kind === 'run');
  const search = jobs.find(({ kind }) => kind === 'sweep' || kind === 'tournament');
  const others = jobs.filter(({ kind }) => !training.has(kind)).map(({ title }) => title);
  const what = `${isRun ? 'A run' : (search?.title ?? others[0] ?? 'Work')} is under way`;
  const answer = dialog.showMessageBoxSync(window, {
    type: 'question',
    message: `${what}. Stop it and quit?`,
    detail: [
      ...(isRun ? ['The run is kept as interrupted and can be resumed.'] : []),
      ...(search ? [`${search.title} goes on when the workbench is opened again.`] : []),
      ...(others.length > 0 ? ['Of an import, export or backup that has not ended, nothing is kept.'] : []),
    ].join(' '),
    buttons: ['Stop and quit', 'Keep running'],
    defaultId: 1,
    cancelId: 1,
  });
  return answer === 0;
}
