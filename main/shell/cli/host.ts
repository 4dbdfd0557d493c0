import type { Transport } from '../../../shared/contract.ts';
import { defaultDataDir } from '../../base/data-folder.ts';
import { WorkbenchError } from '../../base/errors.ts';

export interface Host extends Transport {
  /** Ends an engine that runs in this process, after it has answered everyone who joined it. */
  close(): Promise<void>;
}

/**
 * The engine of a data folder: in this process where nobody owns the folder, else the running one.
 * @throws WorkbenchError `folder-owned` where the owner cannot be reached
 */
export async function openHost(dataDir: string | undefined): Promise<Host> {
  const { createEngine } = await import('../../engine/engine.ts');
  const { readOwner } = await import('../../engine/folder.ts');
  const folder = dataDir ?? defaultDataDir();
  try {
    return await createEngine({ dataDir: folder });
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error.code !== 'folder-owned') throw error;
    const owner = readOwner(folder);
    if (!owner) throw error;
    const { joinEngine } = await import('../../engine/endpoint.ts');
    const joined = await joinEngine(owner.address).catch(() => {
      throw error;
    });
    return {
      invoke: (method, params) => joined.invoke(method, params),
      subscribe: (listener) => joined.subscribe(listener),
      close() {
        joined.close();
        return Promise.resolve();
      },
    };
  }
}
