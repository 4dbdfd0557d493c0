/** A stand-in for the module `electron`: remembers what was asked of it, and lets tests speak for the system. */
import { EventEmitter } from 'node:events';
import { vi } from 'vitest';

export type Handler = (...args: unknown[]) => unknown;

/** One end of a message channel that works in one process, as MessagePortMain does between processes. */
export class FakePort extends EventEmitter {
  other: FakePort | null = null;
  started = false;
  readonly #queue: unknown[] = [];

  postMessage(data: unknown): void {
    const other = this.other;
    if (other) queueMicrotask(() => other.take(data));
  }

  take(data: unknown): void {
    if (this.started) this.emit('message', { data, ports: [] });
    else this.#queue.push(data);
  }

  start(): void {
    this.started = true;
    for (const data of this.#queue.splice(0)) this.emit('message', { data, ports: [] });
  }

  close(): void {
    this.other?.emit('close');
  }
}

export class FakeChannel {
  readonly port1 = new FakePort();
  readonly port2 = new FakePort();

  constructor() {
    this.port1.other = this.port2;
    this.port2.other = this.port1;
  }
}

/** A utility process: what the shell posts to it is in `posted`. */
export class FakeUtility extends EventEmitter {
  pid: number | undefined;
  readonly posted: { message: unknown; ports: FakePort[] }[] = [];
  readonly kills: string[] = [];
  readonly file: string;
  readonly args: string[];
  readonly options: Record<string, unknown>;

  constructor(file: string, args: string[], options: Record<string, unknown>) {
    super();
    this.file = file;
    this.args = args;
    this.options = options;
  }

  postMessage(message: unknown, ports: FakePort[] = []): void {
    this.posted.push({ message, ports });
    this.emit('posted', message, ports);
  }

  kill(): boolean {
    this.kills.push('SIGTERM');
    return true;
  }

  spawn(pid: number): void {
    this.pid = pid;
    this.emit('spawn');
  }
}

export class FakeContents extends EventEmitter {
  url = 'app://workbench/';
  openHandler: Handler | null = null;
  readonly sent: unknown[][] = [];
  readonly mainFrame = { url: 'app://workbench/' };
  getURL = () => this.url;
  setWindowOpenHandler = (handler: Handler) => (this.openHandler = handler);
  send = (...args: unknown[]) => this.sent.push(args);
}

export class FakeWindow extends EventEmitter {
  static readonly all: FakeWindow[] = [];
  static fromWebContents = (contents: FakeContents) =>
    FakeWindow.all.find((window) => window.webContents === contents) ?? null;
  readonly webContents = new FakeContents();
  readonly options: Record<string, unknown>;
  readonly loaded: string[] = [];
  readonly progress: unknown[] = [];
  minimized = false;
  maximized = false;

  constructor(options: Record<string, unknown> = {}) {
    super();
    this.options = options;
    FakeWindow.all.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }

  loadURL = async (url: string) => void this.loaded.push(url);
  setProgressBar = (...args: unknown[]) => this.progress.push(args);
  isDestroyed = () => false;
  isMinimized = () => this.minimized;
  isMaximized = () => this.maximized;
  maximize = () => (this.maximized = true);
  restore = vi.fn();
  focus = vi.fn();
  show = vi.fn();
  getNormalBounds = () => ({ x: 10, y: 20, width: 1000, height: 700 });
}

export class FakeSession extends EventEmitter {
  permissionRequest: Handler | null = null;
  permissionCheck: Handler | null = null;
  device: Handler | null = null;
  displayMedia: Handler | null = null;
  bluetooth: Handler | null = null;
  readonly schemes = new Map<string, (request: Request) => Promise<Response>>();
  protocol = {
    handle: (scheme: string, handler: (request: Request) => Promise<Response>) =>
      this.schemes.set(scheme, handler),
  };
  setPermissionRequestHandler = (handler: Handler) => (this.permissionRequest = handler);
  setPermissionCheckHandler = (handler: Handler) => (this.permissionCheck = handler);
  setDevicePermissionHandler = (handler: Handler) => (this.device = handler);
  setDisplayMediaRequestHandler = (handler: Handler) => (this.displayMedia = handler);
  setBluetoothPairingHandler = (handler: Handler) => (this.bluetooth = handler);
}

class FakeApp extends EventEmitter {
  isPackaged = true;
  hasLock = true;
  sandboxed = 0;
  enableSandbox = () => void this.sandboxed++;
  setPath = vi.fn();
  exit = vi.fn();
  quit = vi.fn();
  getPath = () => '/nowhere/user-data';
  requestSingleInstanceLock = () => this.hasLock;
  whenReady = () => Promise.resolve();
}

export const app = new FakeApp();
export const defaultSession = new FakeSession();
export const handlers = new Map<string, Handler>();
export const schemes: unknown[] = [];
export const utilities: FakeUtility[] = [];
export const exposed = new Map<string, unknown>();
export const invoked: unknown[][] = [];
export const rendererListeners = new EventEmitter();
export const dialogs = {
  open: [] as unknown[],
  save: [] as unknown[],
  errors: [] as string[][],
  openResult: { canceled: false, filePaths: ['/home/me/ratings.csv'] },
  saveResult: { canceled: false, filePath: '/home/me/out.csv' },
};
export const powerSave = { started: [] as string[], stopped: [] as number[] };
export const menus: {
  label?: string;
  role?: string;
  submenu?: { role?: string; label?: string; click?: () => void }[];
}[][] = [];
export const opened = { external: [] as string[], paths: [] as string[] };

/** What `vi.mock('electron', …)` returns. */
export const electron = {
  app,
  session: { defaultSession },
  BrowserWindow: FakeWindow,
  ipcMain: { handle: (channel: string, handler: Handler) => handlers.set(channel, handler) },
  protocol: { registerSchemesAsPrivileged: (list: unknown[]) => schemes.push(...list) },
  utilityProcess: {
    fork(file: string, args: string[], options: Record<string, unknown>) {
      const child = new FakeUtility(file, args, options);
      utilities.push(child);
      return child;
    },
  },
  MessageChannelMain: FakeChannel,
  powerSaveBlocker: {
    start: (kind: string) => powerSave.started.push(kind),
    stop: (id: number) => powerSave.stopped.push(id),
  },
  screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
  dialog: {
    showOpenDialog: async (_window: unknown, options: unknown) => {
      dialogs.open.push(options);
      return dialogs.openResult;
    },
    showSaveDialog: async (_window: unknown, options: unknown) => {
      dialogs.save.push(options);
      return dialogs.saveResult;
    },
    showErrorBox: (...words: string[]) => dialogs.errors.push(words),
    showMessageBoxSync: vi.fn(() => 1),
  },
  Menu: {
    buildFromTemplate: (template: (typeof menus)[number]) => template,
    setApplicationMenu: (menu: (typeof menus)[number]) => menus.push(menu),
  },
  shell: {
    openExternal: async (url: string) => opened.external.push(url),
    openPath: async (path: string) => opened.paths.push(path),
  },
  contextBridge: { exposeInMainWorld: (name: string, value: unknown) => exposed.set(name, value) },
  ipcRenderer: {
    invoke: async (...args: unknown[]) => {
      invoked.push(args);
      return { result: 'answered' };
    },
    on: (channel: string, listener: Handler) => rendererListeners.on(channel, listener),
    off: (channel: string, listener: Handler) => rendererListeners.off(channel, listener),
  },
  webUtils: { getPathForFile: (file: { name: string }) => `/home/me/${file.name}` },
};
