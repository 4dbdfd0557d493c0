/** A command's way to the engine of a data folder, whoever runs it, and whoever takes it over meanwhile. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Method, Transport, WorkbenchEvent } from '../../shared/contract.ts';
import { WorkbenchError } from '../base/errors.ts';
import { createEngine } from './engine.ts';
import { readOwner } from './folder.ts';
import { EngineGone, joinEngine } from './join-engine.ts';

export interface Host extends Transport {
  /** Ends an engine that runs in this process, after it has answered everyone who joined it. */
  close(): Promise<void>;
}

interface Connection extends Transport {
  close(): void | Promise<void>;
}

/** Milliseconds that a command waits for an engine that begins or ends: it holds the folder, and cannot be joined. */
const turnLimit = 60_000;
/** After so many it says what it waits for. */
const saidAfter = 4000;
/** Engines that a command outlives before it gives up. */
const takeovers = 10;

/** Methods that change nothing: asked again of the next engine where the last one did not answer. */
const harmless = new Set<string>([
  'compare',
  'datasets.get',
  'datasets.list',
  'datasets.previewFilters',
  'engine.diagnostics',
  'engine.doctor',
  'engine.state',
  'import.inspect',
  'import.remembered',
  'inspect.explain',
  'inspect.item',
  'inspect.user',
  'inspect.users',
  'jobs.list',
  'models.list',
  'movielens.list',
  'queue.get',
  'recommend',
  'runs.get',
  'runs.list',
  'runs.predict',
  'runs.versus',
  'search',
  'settings.get',
  'splits.preview',
  'storage.usage',
  'sweeps.get',
  'sweeps.list',
] satisfies Method[]);

/**
 * Opens the engine of a folder in this process where nobody owns the folder, else joins the running one. Waits for its
 * turn while another command begins or ends.
 * @throws WorkbenchError `folder-owned` where the owner cannot be reached; `engine-stopped`, `engine-silent`
 */
export async function openEngineHost(dataDir: string): Promise<Host> {
  let connection: Promise<Connection> = openOrJoin(dataDir);
  const listeners = new Set<(event: WorkbenchEvent) => void>();
  const connect = async (): Promise<void> => {
    const opened = await connection;
    opened.subscribe((event) => {
      for (const listener of listeners) listener(event);
    });
  };
  await connect();
  return {
    async invoke(method, params) {
      for (let outlived = 0; ; outlived++) {
        const asked = connection;
        try {
          return await (await asked).invoke(method, params);
        } catch (error) {
          if (!(error instanceof EngineGone) || outlived >= takeovers) throw error;
          if (!error.isUntouched && !harmless.has(method)) throw error;
          // Several questions may have been under way: one of them opens the next engine.
          if (connection === asked) {
            connection = openOrJoin(dataDir);
            await connect();
          }
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => (await connection).close(),
  };
}

async function openOrJoin(dataDir: string): Promise<Connection> {
  const began = performance.now();
  let said = false;
  for (;;) {
    try {
      return await createEngine({ dataDir });
    } catch (error) {
      if (!(error instanceof WorkbenchError) || error.code !== 'folder-owned') throw error;
      const owner = readOwner(dataDir);
      const joined = owner && (await joinEngine(owner).catch(gone));
      if (joined) return joined;
      const waited = performance.now() - began;
      if (waited > turnLimit) throw error;
      if (!said && waited > saidAfter) {
        said = true;
        process.stderr.write(`${error.message} It begins or ends: this command waits for its turn.\n`);
      }
      // Unlike for each of those who wait, so that they do not meet again.
      await pause(20 + 80 * Math.random());
    }
  }
}

function gone(error: unknown): null {
  if (error instanceof EngineGone) return null;
  throw error;
}
