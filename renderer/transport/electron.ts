/** The window inside Electron: everything goes through the preload's bridge. */
import type { Method, Params, Result } from '../../shared/contract.ts';
import type { Bridge } from '../../shared/host.ts';
import { nameOf, WorkbenchError, type Host } from './host.ts';

declare global {
  interface Window {
    workbench?: Bridge;
  }
}

export function electronHost(bridge: Bridge): Host {
  return {
    kind: 'electron',
    transport: {
      async invoke<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
        const outcome = await bridge.invoke(method, params);
        if ('error' in outcome) throw new WorkbenchError(outcome.error);
        return outcome.result;
      },
      subscribe: (listener) => bridge.subscribe(listener),
    },
    async openFile(kind) {
      const path = await bridge.openFile({ filters: [kind] });
      return path === null ? null : { path, name: nameOf(path), bytes: null };
    },
    takeFile: (file) => Promise.resolve({ path: bridge.pathOfFile(file), name: file.name, bytes: file.size }),
    async saveFile(suggestedName, kind) {
      const path = await bridge.saveFile({ suggestedName, filters: [kind] });
      return path === null ? null : { path, deliver: () => Promise.resolve() };
    },
    onCommand: (listener) => bridge.onCommand(listener),
    openPage: (page) => bridge.openPage(page),
    onConnection(listener) {
      listener(true);
      return () => undefined;
    },
  };
}
