import { connect, type Socket } from 'node:net';
import type { Answer, Transport, WorkbenchEvent } from '../../shared/contract.ts';
import { WorkbenchError } from '../base/errors.ts';
import { fromErrorShape } from './failures.ts';
import type { Owner } from './folder.ts';
import type { Farewell } from './guest.ts';
import { onLines, parseJson } from './lines.ts';
import { Silence } from './silence.ts';

/** The engine ended before it answered. */
export class EngineGone extends WorkbenchError {
  /** Whether what was asked was surely not begun, so that it can be asked again of the next engine. */
  readonly isUntouched: boolean;

  constructor(isUntouched: boolean) {
    super(
      'engine-ended',
      'The engine that this command joined ended before it answered.',
      'Nothing that was saved is lost. Check whether it was done; if not, try again.',
    );
    this.isUntouched = isUntouched;
  }
}

export interface Joined extends Transport {
  close(): void;
}

interface Waiter {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Joins the engine that owns a folder.
 * @throws EngineGone where nobody answers there; `engine-stopped`, `engine-silent` where its process does not go on
 */
export async function joinEngine(owner: Owner, silence = new Silence(owner.pid)): Promise<Joined> {
  const socket = connect(owner.address);
  const joined = new Connection(socket, silence);
  try {
    // Until this is answered the engine may have let the connection in only to close it.
    await joined.invoke('engine.state', {});
  } catch (error) {
    joined.close();
    throw error instanceof EngineGone ? new EngineGone(true) : error;
  }
  return joined;
}

class Connection implements Joined {
  readonly #socket: Socket;
  readonly #silence: Silence;
  readonly #waiting = new Map<number, Waiter>();
  readonly #listeners = new Set<(event: WorkbenchEvent) => void>();
  readonly #pulse: NodeJS.Timeout;
  #last = 0;
  #wasDismissed = false;
  #end: Error | null = null;

  constructor(socket: Socket, silence: Silence) {
    this.#socket = socket;
    this.#silence = silence;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#finish(new EngineGone(this.#wasDismissed)));
    onLines(socket, (line) => this.#receive(parseJson(line) as Answer | WorkbenchEvent | Farewell));
    this.#pulse = setInterval(() => this.#tick(), 1000);
    this.#pulse.unref();
  }

  invoke: Transport['invoke'] = (method, params) => {
    if (this.#end) return Promise.reject(this.#end);
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.write(`${JSON.stringify({ id, method, params })}\n`);
    });
  };

  subscribe(listener: (event: WorkbenchEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    clearInterval(this.#pulse);
    this.#socket.end();
    // An engine that does not answer does not close its side either.
    setTimeout(() => this.#socket.destroy(), 1000).unref();
    this.#socket.unref();
  }

  #receive(message: Answer | WorkbenchEvent | Farewell): void {
    this.#silence.heard();
    if ('leaving' in message) {
      this.#wasDismissed = true;
      return;
    }
    if ('event' in message) {
      for (const listener of this.#listeners) listener(message);
      return;
    }
    const waiter = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('error' in message) waiter?.reject(fromErrorShape(message.error));
    else waiter?.resolve(message.result as never);
  }

  /** Asks for a sign of life, which also tells a closing engine that this command lives. */
  #tick(): void {
    const given = this.#silence.tick();
    if (given) {
      this.#finish(given);
      this.#socket.destroy();
    } else void this.invoke('engine.state', {}).catch(() => undefined);
  }

  #finish(error: Error): void {
    clearInterval(this.#pulse);
    this.#end ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#end);
    this.#waiting.clear();
  }
}
