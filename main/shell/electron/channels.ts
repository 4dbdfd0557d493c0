/** Names of the messages between the preload script and Electron's main process. */
export const channels = {
  invoke: 'workbench:invoke',
  event: 'workbench:event',
  openFile: 'workbench:open-file',
  saveFile: 'workbench:save-file',
  /** Says that commands wait for the page; they themselves are taken by the next. */
  commandsWait: 'workbench:commands-wait',
  takeCommands: 'workbench:take-commands',
  openPage: 'workbench:open-page',
} as const;

/** The window's scheme and address. */
export const scheme = 'app';
export const appOrigin = `${scheme}://workbench`;
