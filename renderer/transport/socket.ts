/** The engine over a WebSocket: requests by id, events to all listeners, a new connection when one is lost. */
import type { Answer, Method, Params, Result, Transport, WorkbenchEvent } from '../../shared/contract.ts';
import { WorkbenchError } from './host.ts';

interface Pending {
  text: string;
  /** Reading again is harmless after a lost connection; an action might happen twice. */
  repeatable: boolean;
  sent: boolean;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Methods that change nothing, so that they may be asked again. */
const reads =
  /^(engine\.(state|diagnostics)|storage\.usage|jobs\.(list|wait)|datasets\.(list|get|previewFilters)|import\.(inspect|remembered)|movielens\.list|models\.list|splits\.preview|runs\.(list|get|predict|versus)|compare(\.\w+)?|recommend|inspect\.\w+|search|settings\.get)$/;

const lost = () =>
  new WorkbenchError({
    code: 'connection-lost',
    message: 'The connection to the engine was lost while this was under way.',
    hint: 'It connects again by itself. Check whether the action took effect before you repeat it.',
  });

export class SocketTransport implements Transport {
  readonly #open: () => WebSocket;
  #socket: WebSocket | null = null;
  #next = 1;
  #pending = new Map<number, Pending>();
  #listeners = new Set<(event: WorkbenchEvent) => void>();
  #watchers = new Set<(connected: boolean) => void>();
  #connected = true;
  #delay = 250;

  /** @param open makes a socket; called again 0.25 to 5 s after each loss. */
  constructor(open: () => WebSocket) {
    this.#open = open;
    this.#connect();
  }

  invoke<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const entry: Pending = {
        text: JSON.stringify({ id, method, params }),
        repeatable: reads.test(method),
        sent: false,
        resolve: resolve,
        reject,
      };
      this.#pending.set(id, entry);
      this.#send(entry);
    });
  }

  subscribe(listener: (event: WorkbenchEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onConnection(listener: (connected: boolean) => void): () => void {
    this.#watchers.add(listener);
    listener(this.#connected);
    return () => this.#watchers.delete(listener);
  }

  #send(entry: Pending): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    entry.sent = true;
    this.#socket.send(entry.text);
  }

  #connect(): void {
    const socket = this.#open();
    this.#socket = socket;
    socket.onopen = () => {
      this.#delay = 250;
      for (const entry of this.#pending.values()) this.#send(entry);
      this.#tell(true);
    };
    socket.onmessage = (message) => this.#take(JSON.parse(String(message.data)) as Answer | WorkbenchEvent);
    socket.onclose = () => {
      for (const [id, entry] of this.#pending) {
        if (entry.repeatable || !entry.sent) continue;
        this.#pending.delete(id);
        entry.reject(lost());
      }
      this.#tell(false);
      setTimeout(() => this.#connect(), this.#delay);
      this.#delay = Math.min(5000, this.#delay * 2);
    };
  }

  #take(message: Answer | WorkbenchEvent): void {
    if ('event' in message) {
      for (const listener of this.#listeners) listener(message);
      return;
    }
    const entry = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if ('error' in message) entry?.reject(new WorkbenchError(message.error));
    else entry?.resolve(message.result);
  }

  #tell(connected: boolean): void {
    if (connected === this.#connected) return;
    this.#connected = connected;
    for (const watcher of this.#watchers) watcher(connected);
  }
}
