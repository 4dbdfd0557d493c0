/** A local socket on which commands join a running engine: one JSON value a line, requests in, answers and events out. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { type Answer, Request, type Transport, type WorkbenchEvent } from '../../shared/contract.ts';
import { WorkbenchError } from '../base/errors.ts';
import { fromErrorShape, toErrorShape } from './failures.ts';

/** The untyped side of an engine, for transports. */
export interface Invokable {
  invoke(method: string, params: unknown): Promise<unknown>;
  subscribe(listener: (event: WorkbenchEvent) => void): () => void;
}

/** Milliseconds between two requests of a command that joined: a closing engine waits so long for its next one. */
const patience = 1000;

export interface Endpoint {
  readonly address: string;
  /** Ends when every joined command has its answers. */
  close(): Promise<void>;
}

/** Listens on a socket that only this user can reach. */
export async function listen(engine: Invokable): Promise<Endpoint> {
  const address =
    process.platform === 'win32'
      ? `\\\\.\\pipe\\workbench-${randomUUID()}`
      : join(mkdtempSync(join(tmpdir(), 'workbench-')), 'engine.sock');
  const sockets = new Set<Socket>();
  const pending = new Map<Socket, number>();
  const endIfIdle = (socket: Socket): void => {
    if (closing && !pending.get(socket))
      idle.set(
        socket,
        setTimeout(() => socket.end(), patience),
      );
  };
  const idle = new Map<Socket, NodeJS.Timeout>();
  let closing = false;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    const send = (message: unknown): void => {
      if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
    };
    const unsubscribe = engine.subscribe(send);
    socket.on('close', () => {
      unsubscribe();
      sockets.delete(socket);
      pending.delete(socket);
      clearTimeout(idle.get(socket));
      idle.delete(socket);
    });
    createInterface({ input: socket }).on('line', (line) => {
      const request = v.safeParse(Request, parseJson(line));
      if (!request.success) {
        socket.destroy();
        return;
      }
      const { id, method, params } = request.output;
      clearTimeout(idle.get(socket));
      pending.set(socket, (pending.get(socket) ?? 0) + 1);
      engine
        .invoke(method, params)
        .then(
          (result) => send({ id, result } satisfies Answer),
          (error: unknown) => send({ id, error: toErrorShape(error) } satisfies Answer),
        )
        .finally(() => {
          pending.set(socket, (pending.get(socket) ?? 1) - 1);
          endIfIdle(socket);
        });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
  return {
    address,
    async close() {
      closing = true;
      const closed = new Promise((resolve) => server.close(resolve));
      sockets.forEach(endIfIdle);
      await closed;
      if (process.platform !== 'win32') rmSync(dirname(address), { recursive: true, force: true });
    },
  };
}

/** A transport over another engine's socket. @throws WorkbenchError `engine-unreachable` */
export async function joinEngine(address: string): Promise<Transport & { close(): void }> {
  const socket = connect(address);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', (error) => reject(unreachable(error.message)));
  });
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  const listeners = new Set<(event: WorkbenchEvent) => void>();
  let last = 0;
  createInterface({ input: socket }).on('line', (line) => {
    const message = parseJson(line) as Answer | WorkbenchEvent;
    if ('event' in message) {
      for (const listener of listeners) listener(message);
      return;
    }
    const waiter = waiting.get(message.id);
    waiting.delete(message.id);
    if ('error' in message) waiter?.reject(fromErrorShape(message.error));
    else waiter?.resolve(message.result as never);
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    for (const waiter of waiting.values()) waiter.reject(unreachable('it ended before it answered'));
  });
  return {
    invoke(method, params) {
      const id = ++last;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        socket.write(`${JSON.stringify({ id, method, params } satisfies Request)}\n`);
      });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => socket.end(),
  };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}

function unreachable(reason: string): WorkbenchError {
  return new WorkbenchError(
    'engine-unreachable',
    `The running engine cannot be reached: ${reason}.`,
    'Start the command again, or close the app that owns the data folder.',
  );
}
