/** The window's way to the engine: set once at start, used by every screen. */
import type { Method, Params, Result, WorkbenchEvent } from '../../shared/contract.ts';
import type { Host } from '../transport/host.ts';

let current: Host | null = null;

export function setHost(host: Host): void {
  current = host;
}

/** The host of this window. Throws before `setHost`. */
export function host(): Host {
  if (!current) throw new Error('the window has no host yet');
  return current;
}

/** Calls a method of the engine; rejects with a WorkbenchError. */
export function invoke<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
  return host().transport.invoke(method, params);
}

export function subscribe(listener: (event: WorkbenchEvent) => void): () => void {
  return host().transport.subscribe(listener);
}
