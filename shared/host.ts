/** What a shell offers a window beside the engine's methods: Electron's bridge, and the paths of the browser shell. */
import type { ErrorShape, WorkbenchEvent } from './contract.ts';

/** An answer as it crosses to a window: a thrown error would lose its code and hint. */
export type Outcome = { readonly result: unknown } | { readonly error: ErrorShape };

export interface FileFilter {
  readonly name: string;
  /** Without dot; empty: any file. */
  readonly extensions: readonly string[];
}

/** What the system or the app's menu asks of the window. */
export type Command =
  | { readonly do: 'open'; readonly path: string }
  | { readonly do: 'import' }
  | { readonly do: 'help' }
  | { readonly do: 'about' };

/** Pages outside of the app that a person may open in their browser, and no others. */
export const outsidePages = {
  /** Also package.json's, as a test holds: it stands for the place where the project will be published. */
  home: 'https://recommender-workbench.example/',
  book: 'https://d2l.ai/chapter_recommender-systems/index.html',
} as const;
export type OutsidePage = keyof typeof outsidePages;

/** `window.workbench` under Electron, from main/shell/electron/preload.ts. */
export interface Bridge {
  readonly kind: 'electron';
  invoke(method: string, params: unknown): Promise<Outcome>;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: WorkbenchEvent) => void): () => void;
  /** Where a file that was dropped or chosen is on this machine. */
  pathOfFile(file: File): string;
  /** Path of the file chosen in the system's dialog; null where the person changed their mind. */
  openFile(options?: { readonly filters?: readonly FileFilter[] }): Promise<string | null>;
  saveFile(options: {
    readonly suggestedName: string;
    readonly filters?: readonly FileFilter[];
  }): Promise<string | null>;
  /** Takes the commands that wait, and later ones as they come; returns the function that ends that. */
  onCommand(listener: (command: Command) => void): () => void;
  openPage(page: OutsidePage): Promise<void>;
}

/**
 * The browser shell. All of it needs the session's cookie, and everything but `GET` the page's own origin.
 *
 * - WebSocket `enginePath`: `Request` in, `Answer` and `WorkbenchEvent` out, one JSON text a message.
 * - `POST uploadPath?name=ratings.csv`, body = the file's bytes: `{ path, bytes }`, the path to give to the engine. An
 *   upload that is cancelled or too large leaves nothing behind (413 with an `ErrorShape` under `error`).
 * - `POST exportPath?name=lists.csv`: `{ path, url }`: the engine writes to `path`, then `GET url` downloads it once
 *   it is there (404 before).
 */
export const browserShell = {
  enginePath: '/engine',
  uploadPath: '/uploads',
  exportPath: '/exports',
} as const;
