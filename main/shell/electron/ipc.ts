/** Everything that a window can ask of Electron's main process. No other file listens to windows. */
import { dirname, join } from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, type IpcMainInvokeEvent } from 'electron';
import * as v from 'valibot';
import type { ErrorShape } from '../../../shared/contract.ts';
import type { Outcome } from '../../../shared/host.ts';
import type { EngineLink } from '../../process/engine-link.ts';
import { channels } from './channels.ts';
import type { Commands } from './commands.ts';
import { isOwnPage } from './guards.ts';
import { openPage } from './outside.ts';

const Filters = v.optional(
  v.pipe(
    v.array(
      v.object({
        name: v.pipe(v.string(), v.maxLength(100)),
        extensions: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[\w.]{1,20}$/))), v.maxLength(30)),
      }),
    ),
    v.maxLength(20),
  ),
  [],
);
const OpenOptions = v.object({ filters: Filters });
const SaveOptions = v.object({
  suggestedName: v.pipe(
    v.string(),
    v.maxLength(200),
    v.transform((name) => name.replace(/[\\/:*?"<>|]/g, '_')),
  ),
  filters: Filters,
});

/** Where dialogs open: the folder that was chosen from last, else the person's documents. */
let folder: string | null = null;

/** Answers the windows; `invoke` never rejects, for a thrown error would lose its code and hint on the way. */
export function answerWindows(engine: Pick<EngineLink, 'invoke'>, commands: Pick<Commands, 'take'>): void {
  handle(channels.invoke, (_window, method, params): Promise<Outcome> => {
    if (typeof method !== 'string') return Promise.resolve({ error: noMethod });
    return engine.invoke(method, params);
  });
  handle(channels.openFile, async (window, options) => {
    const filters = dialogFilters(v.parse(OpenOptions, options).filters);
    const { filePaths } = await dialog.showOpenDialog(window, {
      defaultPath: startFolder(),
      properties: ['openFile'],
      filters,
    });
    return chosen(filePaths.at(0));
  });
  handle(channels.saveFile, async (window, options) => {
    const { suggestedName, filters } = v.parse(SaveOptions, options);
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      defaultPath: join(startFolder(), suggestedName),
      filters: dialogFilters(filters),
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    });
    return chosen(canceled ? undefined : filePath);
  });
  handle(channels.takeCommands, () => Promise.resolve(commands.take()));
  handle(channels.openPage, (_window, page) => openPage(page));
}

function chosen(path: string | undefined): string | null {
  if (path === undefined) return null;
  folder = dirname(path);
  return path;
}

function startFolder(): string {
  folder ??= app.getPath('documents');
  return folder;
}

type Handler = (window: BrowserWindow, ...args: unknown[]) => Promise<unknown>;

/** The one place that listens to windows, so no handler is without its check of the sender. */
function handle(channel: string, handler: Handler): void {
  ipcMain.handle(channel, async (event, ...args: unknown[]) => handler(senderOf(event), ...args));
}

/** The window that asks: its main frame, on the window's own page. @throws for any other sender */
function senderOf(event: IpcMainInvokeEvent): BrowserWindow {
  const window = BrowserWindow.fromWebContents(event.sender);
  const frame = event.senderFrame;
  if (!window || !frame || frame !== event.sender.mainFrame || !isOwnPage(frame.url)) {
    throw new Error('This sender is not the workbench.');
  }
  return window;
}

/** A filter without extensions means any file, which the dialogs write `*`. */
function dialogFilters(filters: v.InferOutput<typeof Filters>): Electron.FileFilter[] {
  return filters.map(({ name, extensions }) => ({
    name,
    extensions: extensions.length ? extensions : ['*'],
  }));
}

const noMethod: ErrorShape = {
  code: 'invalid-parameters',
  message: 'A request names its method.',
  hint: 'This is a fault of the workbench.',
};
