import { defaultDataDir } from '../../base/data-folder.ts';
import type { Host } from '../../engine/host.ts';
import type { Role } from '../../process/channel.ts';
import { nodeForker } from '../../process/node-forker.ts';
import { warmForker } from '../../process/warm-forker.ts';

export type { Host };

/**
 * The engine of a data folder: in this process where nobody owns the folder, else the running one.
 * @param needs a process that the command will need: it starts while the engine does
 * @throws WorkbenchError `folder-owned` where the owner cannot be reached
 */
export async function openHost(dataDir: string | undefined, needs?: Role): Promise<Host> {
  const warm = needs && warmForker(nodeForker(), needs);
  try {
    const { openEngineHost } = await import('../../engine/host.ts');
    const host = await openEngineHost(dataDir ?? defaultDataDir(), warm);
    if (!warm) return host;
    // Another process's engine forks its own.
    if (!(await host.isOwn())) warm.release();
    return {
      ...host,
      async close() {
        await host.close();
        warm.release();
      },
    };
  } catch (error) {
    warm?.release();
    throw error;
  }
}
