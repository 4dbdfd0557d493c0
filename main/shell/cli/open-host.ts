import { defaultDataDir } from '../../base/data-folder.ts';
import type { Host } from '../../engine/host.ts';

export type { Host };

/**
 * The engine of a data folder: in this process where nobody owns the folder, else the running one.
 * @throws WorkbenchError `folder-owned` where the owner cannot be reached
 */
export async function openHost(dataDir: string | undefined): Promise<Host> {
  const { openEngineHost } = await import('../../engine/host.ts');
  return openEngineHost(dataDir ?? defaultDataDir());
}
