/** What the window needs of whatever it runs in: the engine's API, and files of the person's own machine. */
import type { ErrorShape, Transport } from '../../shared/contract.ts';
import type { Command, OutsidePage } from '../../shared/host.ts';

export interface FileKind {
  /** e.g. "Ratings" */
  name: string;
  /** Without dot; empty: any file. */
  extensions: string[];
}

/** A file that the engine can read. */
export interface ChosenFile {
  path: string;
  /** As the person knows it. */
  name: string;
  bytes: number | null;
}

/** Where the engine may write. */
export interface SaveTarget {
  path: string;
  /** Hands the file to the person, and what was written beside it (the browser downloads them). */
  deliver(written?: readonly string[]): Promise<void>;
}

export interface UploadProgress {
  done: number;
  total: number;
}

export interface Host {
  readonly kind: 'electron' | 'browser';
  readonly transport: Transport;
  /** Asks for a file; null where the person changed their mind. */
  openFile(
    kind: FileKind,
    progress?: (upload: UploadProgress) => void,
    signal?: AbortSignal,
  ): Promise<ChosenFile | null>;
  /** A file that was dropped on the window. */
  takeFile(
    file: File,
    progress?: (upload: UploadProgress) => void,
    signal?: AbortSignal,
  ): Promise<ChosenFile>;
  saveFile(suggestedName: string, kind: FileKind): Promise<SaveTarget | null>;
  /** What the system and the app's menu ask of the window, those that wait first; a browser asks nothing. */
  onCommand(listener: (command: Command) => void): () => void;
  /** Opens a page outside of the app, in the person's browser. */
  openPage(page: OutsidePage): Promise<void>;
  /** False while the connection is lost; called at once with the present state. */
  onConnection(listener: (connected: boolean) => void): () => void;
}

/** The last part of a path of any system. */
export const nameOf = (path: string): string => path.split(/[\\/]/).pop() ?? path;

/** An error of the engine or of the transport: what happened, and how to fix it. */
export class WorkbenchError extends Error {
  readonly code: string;
  readonly hint: string;
  readonly details: unknown;
  constructor(shape: ErrorShape) {
    super(shape.message);
    this.name = 'WorkbenchError';
    this.code = shape.code;
    this.hint = shape.hint;
    this.details = shape.details;
  }
}

/** Whatever was thrown, as message and hint. */
export function asError(thrown: unknown): ErrorShape {
  if (thrown instanceof WorkbenchError) {
    return { code: thrown.code, message: thrown.message, hint: thrown.hint, details: thrown.details };
  }
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) {
    const { message } = thrown;
    const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : 'unexpected';
    const hint = 'hint' in thrown && typeof thrown.hint === 'string' ? thrown.hint : '';
    const details = 'details' in thrown ? thrown.details : undefined;
    return { code, message: String(message), hint, details };
  }
  return { code: 'unexpected', message: String(thrown), hint: '' };
}
