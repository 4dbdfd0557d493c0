/** The only code that the window and Electron share: nine functions, no Electron object among them. */
import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';
import type { WorkbenchEvent } from '../../../shared/contract.ts';
import type { Bridge, Command, Outcome } from '../../../shared/host.ts';
import { channels } from './channels.ts';

const bridge: Bridge = {
  kind: 'electron',
  invoke: (method, params) => ipcRenderer.invoke(channels.invoke, method, params) as Promise<Outcome>,
  subscribe(listener) {
    // The listener gets the event alone: Electron's own would carry the sender.
    const pass = (_event: IpcRendererEvent, event: WorkbenchEvent): void => listener(event);
    ipcRenderer.on(channels.event, pass);
    return () => ipcRenderer.off(channels.event, pass);
  },
  pathOfFile: (file) => webUtils.getPathForFile(file),
  openFile: (options) => ipcRenderer.invoke(channels.openFile, options ?? {}) as Promise<string | null>,
  saveFile: (options) => ipcRenderer.invoke(channels.saveFile, options) as Promise<string | null>,
  onCommand(listener) {
    const take = (): void => {
      const taken = ipcRenderer.invoke(channels.takeCommands) as Promise<readonly Command[]>;
      void taken.then((commands) => commands.forEach((command) => listener(command)));
    };
    ipcRenderer.on(channels.commandsWait, take);
    take();
    return () => ipcRenderer.off(channels.commandsWait, take);
  },
  openPage: (page) => ipcRenderer.invoke(channels.openPage, page) as Promise<void>,
};

contextBridge.exposeInMainWorld('workbench', bridge);
