/** A command's way to the engine of a data folder, whoever runs it, and whoever takes it over meanwhile. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Transport, WorkbenchEvent } from '../../shared/contract.ts';
import { WorkbenchError } from '../base/errors.ts';
import { followMoves } from '../base/moved-folder.ts';
import type { Forker } from '../process/channel.ts';
import { createEngine } from './engine.ts';
import { readOwner } from './folder.ts';
import { harmless } from './harmless.ts';
import { EngineGone, joinEngine } from './join-engine.ts';

export interface Host extends Transport {
  /** Ends an engine that runs in this process, after it has answered everyone who joined it. */
  close(): Promise<void>;
  /** Whether the engine runs in this process, for this command. */
  isOwn(): Promise<boolean>;
  /** After a restore, a move or a restart: leaves the engine and returns with the next one of the folder, wherever that is now. */
  reopen(): Promise<void>;
}

interface Connection extends Transport {
  readonly isOwn: boolean;
  close(): void | Promise<void>;
}

/** Milliseconds that a command waits for an engine that begins or ends: it holds the folder, and cannot be joined. */
const turnLimit = 60_000;
/** After so many it says what it waits for. */
const saidAfter = 4000;
/** Engines that a command outlives before it gives up. */
const takeovers = 10;

/**
 * Opens the engine of a folder in this process where nobody owns the folder, else joins the running one. Waits for its
 * turn while another command begins or ends.
 * @throws WorkbenchError `folder-owned` where the owner cannot be reached; `engine-stopped`, `engine-silent`
 */
export async function openEngineHost(dataDir: string, forker?: Forker): Promise<Host> {
  let connection: Promise<Connection> = openOrJoin(dataDir, forker);
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
    isOwn: async () => (await connection).isOwn,
    close: async () => (await connection).close(),
    async reopen() {
      const before = await (await connection).invoke('engine.state', {}).catch(gone);
      const end = performance.now() + turnLimit;
      for (;;) {
        await (await connection).close();
        connection = openOrJoin(dataDir);
        await connect();
        const next = await (await connection).invoke('engine.state', {}).catch(gone);
        if (next !== null && next.startedAt !== before?.startedAt) return;
        if (performance.now() > end) throw notAgain;
        await pause(100);
      }
    },
  };
}

const notAgain = new WorkbenchError(
  'engine-silent',
  `The engine was asked to start again, and did not within ${turnLimit / 1000} seconds.`,
  'Nothing saved is lost. Close the windows and open them again.',
);

async function openOrJoin(dataDir: string, forker?: Forker): Promise<Connection> {
  const began = performance.now();
  let said = false;
  for (;;) {
    try {
      return { ...(await createEngine({ dataDir, ...(forker && { forker }) })), isOwn: true };
    } catch (error) {
      if (!(error instanceof WorkbenchError) || error.code !== 'folder-owned') throw error;
      const owner = readOwner(followMoves(dataDir));
      const joined = owner && (await joinEngine(owner).catch(gone));
      if (joined) return Object.assign(joined, { isOwn: false });
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
