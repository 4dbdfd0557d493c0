import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { root } from '../../../main/setup/sources.ts';
import type { Answer, WorkbenchEvent } from '../../../shared/contract.ts';

export interface Served {
  readonly process: ChildProcess;
  readonly url: string;
  /** Everything printed so far. */
  readonly printed: () => string;
  /** Resolves with the exit code; null after a signal. */
  readonly ended: Promise<number | null>;
}

/** Starts the built browser shell as a process of its own. @throws what it said where it ends before it serves */
export async function serveBuilt(dataDir: string, ...more: string[]): Promise<Served> {
  const words = [join(root, 'dist/main/browser.js'), '--no-open', '--data-dir', dataDir, ...more];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
  const url = await new Promise<string>((resolve, reject) => {
    const read = (data: Buffer): void => {
      printed += data.toString();
      const address = /http:\S+/.exec(printed);
      if (address) resolve(address[0]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('close', (code) => reject(new Error(`ended with ${code}: ${printed}`)));
  });
  return { process: child, url, printed: () => printed, ended };
}

export interface Window {
  invoke(method: string, params?: unknown): Promise<unknown>;
  readonly events: WorkbenchEvent[];
  /** Sends a text as it is, and resolves with the answer to the id that the text has. */
  raw(text: string, id: number): Promise<unknown>;
  close(): void;
}

/** What a browser does at the printed address: token for cookie, then the WebSocket. */
export async function openWindow(address: string): Promise<Window> {
  const { origin } = new URL(address);
  const page = await fetch(address, { redirect: 'manual' });
  const cookie = (page.headers.get('set-cookie') ?? '').split(';')[0];
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/engine`, { headers: { cookie, origin } });
  const waiting = new Map<number, (answer: Answer) => void>();
  const events: WorkbenchEvent[] = [];
  socket.on('message', (data) => {
    const message = JSON.parse((data as Buffer).toString()) as Answer | WorkbenchEvent;
    if ('event' in message) events.push(message);
    else waiting.get(message.id)?.(message);
  });
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  socket.on('close', (code, reason) => {
    // Nobody answers any more.
    const error = { code: 'closed', message: `closed: ${code} ${reason.toString()}`, hint: 'none' };
    for (const [id, tell] of waiting) tell({ id, error });
  });
  let last = 1_000_000;
  const answer = (id: number): Promise<unknown> =>
    new Promise((resolve, reject) =>
      waiting.set(id, (reply) => {
        waiting.delete(id);
        if ('error' in reply) reject(Object.assign(new Error(reply.error.message), reply.error));
        else resolve(reply.result);
      }),
    );
  return {
    events,
    invoke(method, params = {}) {
      const id = ++last;
      socket.send(JSON.stringify({ id, method, params }));
      return answer(id);
    },
    raw(text, id) {
      socket.send(text);
      return answer(id);
    },
    close: () => socket.terminate(),
  };
}
