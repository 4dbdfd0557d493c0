import type { Socket } from 'node:net';
import * as v from 'valibot';
import { type Answer, Request, type WorkbenchEvent } from '../../shared/contract.ts';
import { largest } from '../process/limits.ts';
import { toErrorShape } from './failures.ts';
import { onLines, parseJson } from './lines.ts';

/** The untyped side of an engine, for transports. */
export interface Invokable {
  invoke(method: string, params: unknown): Promise<unknown>;
  subscribe(listener: (event: WorkbenchEvent) => void): () => void;
}

/** The engine's last word to a command: what it asked and had no answer to was not begun. */
export interface Farewell {
  readonly leaving: true;
}

/** Milliseconds of silence after which a closing engine takes a command for gone: those that live ask every second. */
const patience = 5000;
/** Milliseconds that a command has to read its last answers. */
const lastWords = 1000;
/** Bytes waiting for a slow command above which events, which are hints, are left out. */
const waitingLimit = 2 ** 20;

/** One command that joined, as the engine sees it. */
export class Guest {
  readonly #socket: Socket;
  readonly #engine: Invokable;
  #pending = 0;
  #heard = performance.now();
  #leaving = false;
  #watch: NodeJS.Timeout | undefined;

  constructor(socket: Socket, engine: Invokable) {
    this.#socket = socket;
    this.#engine = engine;
    const unsubscribe = engine.subscribe((event) => {
      if (socket.writableLength < waitingLimit) this.#send(event);
    });
    // It may be killed at any time, with answers unread.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      unsubscribe();
      clearInterval(this.#watch);
    });
    onLines(socket, (line) => this.#receive(line), largest);
  }

  /** The engine closes: ends the connection when the command has its answers and asks no more. */
  dismiss(): void {
    this.#watch ??= setInterval(() => {
      if (this.#pending > 0 || performance.now() - this.#heard < patience) return;
      clearInterval(this.#watch);
      this.#leaving = true;
      this.#send({ leaving: true } satisfies Farewell);
      this.#socket.end();
      setTimeout(() => this.#socket.destroy(), lastWords).unref();
    }, 100);
  }

  #send(message: Answer | WorkbenchEvent | Farewell): void {
    if (this.#socket.writable) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  #receive(line: string): void {
    // It was told that nothing more is begun, and asks the next engine.
    if (this.#leaving) return;
    const request = v.safeParse(Request, parseJson(line));
    if (!request.success) {
      this.#socket.destroy();
      return;
    }
    const { id, method, params } = request.output;
    this.#heard = performance.now();
    this.#pending++;
    void this.#engine
      .invoke(method, params)
      .then(
        (result) => this.#send({ id, result }),
        (error: unknown) => this.#send({ id, error: toErrorShape(error) }),
      )
      .finally(() => this.#pending--);
  }
}
