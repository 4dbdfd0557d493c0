/** Names of the messages between the preload script and Electron's main process. */
export const channels = {
  invoke: 'workbench:invoke',
  event: 'workbench:event',
  openFile: 'workbench:open-file',
  saveFile: 'workbench:save-file',
} as const;

/** The window's scheme and address. */
export const scheme = 'app';
export const appOrigin = `${scheme}://workbench`;
