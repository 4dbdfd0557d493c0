import type { Handlers } from '../../../shared/contract.ts';
import { readSettings, writeSettings } from '../../store/settings.ts';
import type { EngineContext } from '../context.ts';

export function settingsHandlers({
  database,
  events,
  queue,
}: EngineContext): Pick<Handlers, 'settings.get' | 'settings.set'> {
  return {
    'settings.get': () => readSettings(database),
    'settings.set'({ settings }) {
      const now = writeSettings(database, settings);
      events.emit({ event: 'settings.changed', payload: now });
      queue.settingsChanged();
      return now;
    },
  };
}
