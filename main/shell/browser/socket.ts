/** One window's WebSocket: requests to the engine, answers and events back. The engine checks what is in a request. */
import * as v from 'valibot';
import type { RawData, WebSocket } from 'ws';
import { Request, type Answer, type ErrorShape, type WorkbenchEvent } from '../../../shared/contract.ts';
import type { Outcome } from '../../../shared/host.ts';
import { filesNamed } from './files-named.ts';
import type { ReadingScope } from './reading.ts';

/** What a shell needs of the engine. */
export interface EngineSide {
  invoke(method: string, params: unknown): Promise<Outcome>;
  subscribe(listener: (event: WorkbenchEvent) => void): () => void;
}

/** Messages that are no request until the connection is closed. */
const junkLimit = 20;
/** Requests under way at once. */
const pendingLimit = 500;
/** Bytes waiting for a slow window above which events, which are hints, are left out. */
const waitingLimit = 16 * 2 ** 20;
const pingEvery = 30_000;

/** What the engine may do with files for this window. */
export interface FileRights {
  mayWrite(path: unknown): boolean;
  readonly reading: ReadingScope;
}

export function connectWindow(socket: WebSocket, engine: EngineSide, rights: FileRights): void {
  let junk = 0;
  let pending = 0;
  let alive = true;
  const send = (message: Answer | WorkbenchEvent): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const ask = async (method: string, params: unknown): Promise<Outcome> => {
    const narrowed = await rights.reading.narrow(method, params);
    return narrowed ? engine.invoke(method, narrowed.params) : { error: notReadable };
  };
  const unsubscribe = engine.subscribe((event) => {
    if (socket.bufferedAmount < waitingLimit) send(event);
  });
  const ping = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, pingEvery);
  socket.on('pong', () => (alive = true));
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    clearInterval(ping);
    unsubscribe();
  });
  socket.on('message', (data, isBinary) => {
    const request = isBinary ? null : readRequest(data);
    if (!request) {
      if (++junk >= junkLimit) socket.close(1008, 'too much that is no request');
      return;
    }
    const { id, method, params } = request;
    if (pending >= pendingLimit) return send({ id, error: busy });
    const written = filesNamed(method, params).filter(({ use }) => use === 'written');
    if (!written.every(({ path }) => rights.mayWrite(path))) return send({ id, error: notReserved });
    pending++;
    void ask(method, params).then((outcome) => {
      pending--;
      send({ id, ...outcome });
    });
  });
}

function readRequest(data: RawData): Request | null {
  try {
    const text = (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString();
    const request = v.safeParse(Request, JSON.parse(text));
    return request.success ? request.output : null;
  } catch {
    return null;
  }
}

const busy: ErrorShape = {
  code: 'busy',
  message: `More than ${pendingLimit} requests of this window are under way.`,
  hint: 'Wait until some are answered.',
};
const notReserved: ErrorShape = {
  code: 'path-not-reserved',
  message: 'In the browser, files are written only where a download was asked for.',
  hint: 'Export with the button, or with the command line, which writes anywhere.',
};
const notReadable: ErrorShape = {
  code: 'path-not-readable',
  message: 'This file is not there, or not in the folder that `serve --files` opens to browsers.',
  hint: 'Drop the file on the window to upload it, choose one in that folder, or use the command line.',
};
