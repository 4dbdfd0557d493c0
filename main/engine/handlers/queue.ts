import type { Handlers } from '../../../shared/contract.ts';
import { writeSettings } from '../../store/settings.ts';
import type { EngineContext } from '../context.ts';

/** What waits and runs, how much at once, and in which order. */
export function queueHandlers({
  database,
  events,
  queue,
}: EngineContext): Pick<Handlers, Extract<keyof Handlers, `queue.${string}`>> {
  return {
    'queue.get': () => queue.state(),
    'queue.set'({ parallel, paused }) {
      const settings = writeSettings(database, {
        ...(parallel !== undefined && { parallel }),
        ...(paused !== undefined && { queuePaused: paused }),
      });
      events.emit({ event: 'settings.changed', payload: settings });
      queue.settingsChanged();
      return queue.state();
    },
    'queue.move'({ run, to }) {
      queue.move(run, to);
      return queue.state();
    },
  };
}
