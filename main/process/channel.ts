/**
 * The one interface over child processes. The shells fork the engine, the engine forks trainers and importers; none of
 * them knows whether the host is Node (`child_process`) or Electron (`utilityProcess`).
 */
import type { ErrorShape } from '../../shared/contract.ts';

/** The child processes there are. `dist/main/<role>.js` is what runs in each. */
export type Role = 'engine' | 'trainer' | 'importer';

export interface ForkOptions {
  /** Added to the environment that the child inherits. */
  readonly env?: Readonly<Record<string, string>>;
  /** The child's `process.argv.slice(2)`. */
  readonly arguments?: readonly string[];
}

/** How a process ended. A signal from outside (`kill -9`) has no code. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A parent's view of one child. Messages are structured clones: typed arrays, maps and dates survive. */
export interface Channel {
  /** Undefined until the child has started, and where it could not be started. */
  readonly pid: number | undefined;
  /** Silently dropped once the child has ended. */
  post(message: unknown): void;
  /** Messages that came before the first listener are kept for it. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once; at once where the child has already ended. */
  onExit(listener: (exit: Exit) => void): void;
  /** `SIGTERM` unless told. Does nothing to a child that has ended. */
  kill(signal?: 'SIGTERM' | 'SIGKILL'): void;
}

export interface Forker {
  fork(role: Role, options?: ForkOptions): Channel;
}

/** A child's view of its parent; see `parentChannel` in parent.ts. */
export interface ParentChannel {
  /** Tells the parent's `ManagedProcess` that this child can take messages. */
  ready(): void;
  /** Tells the parent why this child cannot do its work, and ends it: no restart follows. */
  fail(error: ErrorShape): Promise<never>;
  /** Tells the parent that this child is about to end and wants to be started again. */
  again(): void;
  post(message: unknown): void;
  /** Resolves when the parent has everything that was posted: await it before `process.exit`. */
  flush(): Promise<void>;
  /** Messages that came before the first listener are kept for it. */
  onMessage(listener: (message: unknown) => void): void;
  /** The parent asks for an orderly end within its grace period. Without a listener the process exits with 0. */
  onStop(listener: () => void): void;
  /** The parent is gone (killed, crashed). Without a listener the process exits with 0: no orphan stays behind. */
  onDisconnect(listener: () => void): void;
}

/** Messages of the machinery itself; they never reach `onMessage` of a child or of a `ManagedProcess`. */
export type Control =
  | { readonly control: 'ready' }
  | { readonly control: 'stop' }
  /** Child → parent: it ends to be started again, which is no crash. */
  | { readonly control: 'again' }
  | { readonly control: 'failed'; readonly error: ErrorShape }
  /** Child → parent: is everything there that was posted before? The answer is `flushed` with the same number. */
  | { readonly control: 'flush'; readonly flush: number }
  | { readonly control: 'flushed'; readonly flush: number };

/** Whether a message is `{ control: kind, … }`. */
export function isControl<K extends Control['control']>(
  message: unknown,
  kind: K,
): message is Extract<Control, { control: K }> {
  return typeof message === 'object' && message !== null && 'control' in message && message.control === kind;
}
