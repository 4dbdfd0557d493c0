import type { Handlers } from '../../../shared/contract.ts';
import { outsidePages } from '../../../shared/host.ts';
import { readSettings } from '../../store/settings.ts';
import type { EngineContext } from '../context.ts';
import { lookForUpdate } from '../updates.ts';

export function updateHandlers({
  database,
  versions,
}: Pick<EngineContext, 'database' | 'versions'>): Pick<Handlers, 'updates.look'> {
  return {
    'updates.look': () =>
      lookForUpdate({
        allowed: readSettings(database).updates,
        version: versions.app,
        homepage: outsidePages.home,
      }),
  };
}
