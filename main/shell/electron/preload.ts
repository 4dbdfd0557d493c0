/** The only code that the window and Electron share: seven functions, no Electron object among them. */
import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';
import type { WorkbenchEvent } from '../../../shared/contract.ts';
import type { Bridge, Outcome } from '../../../shared/host.ts';
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
};

contextBridge.exposeInMainWorld('workbench', bridge);
