/** Whether there is a new version: looked for once a day, and only where the person has said yes. */
import type { Result } from '../../shared/contract.ts';
import { invoke } from './engine-api.ts';
import { Resource } from './resource.svelte.ts';
import { session } from './session.svelte.ts';
import { ui } from './ui.svelte.ts';

const day = 24 * 3600 * 1000;

class Updates {
  found = new Resource<Result<'updates.look'>>();

  /** The newer version that the person has not put away. */
  get newer(): string | null {
    const { value } = this.found;
    return value?.outcome === 'newer' && value.latest !== ui.kept.updateSeen ? value.latest : null;
  }

  /** At the start of the window. Without a network nothing is said: the next start looks again. */
  async lookIfDue(now = Date.now()): Promise<void> {
    if (session.settings?.updates !== true || now - ui.kept.updatesLookedAt < day) return;
    await this.look(now);
  }

  async look(now = Date.now()): Promise<void> {
    const answer = await this.found.load(() => invoke('updates.look', {}));
    if (answer) ui.kept.updatesLookedAt = now;
  }

  putAway(): void {
    ui.kept.updateSeen = this.found.value?.latest ?? '';
  }
}

export const updates = new Updates();
