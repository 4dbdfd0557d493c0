/** The engine: the API, the queue, and the only writer of the database. The same object in every shell. */
import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as v from 'valibot';
import {
  type Handlers,
  type Method,
  methods,
  type Transport,
  type WorkbenchEvent,
} from '../../shared/contract.ts';
import { fileError, WorkbenchError } from '../base/errors.ts';
import { followMoves, movedTo } from '../base/moved-folder.ts';
import { engineForker } from '../process/broker.ts';
import type { Forker } from '../process/channel.ts';
import { messageFault } from '../process/limits.ts';
import { sweepCheckpoints } from '../store/checkpoints.ts';
import { removeUnfinished } from '../store/datasets.ts';
import { interruptRunning, queuedRuns } from '../store/runs.ts';
import { versions } from '../base/versions.ts';
import type { EngineContext } from './context.ts';
import { listen } from './endpoint.ts';
import { finishMove } from './care/move.ts';
import { openRestored } from './care/restore.ts';
import { Events } from './events.ts';
import { Gate } from './gate.ts';
import { processExecutor } from './runs/executor.ts';
import { fromErrorShape, invalidParameters } from './failures.ts';
import { databasePath, type Ownership, takeOwnership } from './folder.ts';
import { careHandlers } from './handlers/care.ts';
import { compareHandlers } from './handlers/compare.ts';
import { datasetHandlers } from './handlers/datasets.ts';
import { engineHandlers } from './handlers/engine.ts';
import { goldenHandlers } from './handlers/golden.ts';
import { importHandlers } from './handlers/imports.ts';
import { inspectHandlers } from './handlers/inspect.ts';
import { jobHandlers } from './handlers/jobs.ts';
import { modelHandlers } from './handlers/models.ts';
import { queueHandlers } from './handlers/queue.ts';
import { outsideHandlers } from './handlers/outside.ts';
import { recommendHandlers } from './handlers/recommend.ts';
import { reportHandlers } from './handlers/report.ts';
import { runHandlers } from './handlers/runs.ts';
import { settingsHandlers } from './handlers/settings.ts';
import { updateHandlers } from './handlers/updates.ts';
import { splitHandlers } from './handlers/splits.ts';
import { storageHandlers } from './handlers/storage.ts';
import { sweepHandlers } from './handlers/sweeps.ts';
import { Importer } from './datasets/dataset-jobs.ts';
import { GoldenChecks } from './inspect/golden-checks.ts';
import { Inspector } from './inspector.ts';
import { Jobs } from './jobs.ts';
import { LoadedDatasets } from './loaded.ts';
import { freeBytes, releaseIfFull, reserve } from './reserve.ts';
import { Queue } from './runs/queue.ts';
import { sweepSocketFolders } from './socket-folder.ts';
import { sweepStaging } from './staging.ts';
import { Sweeps } from './sweeps/sweeps.ts';

export interface EngineOptions {
  readonly dataDir: string;
  readonly forker?: Forker;
  /**
   * Whether this is the windows' engine, which lives long: it goes on with runs that were queued when the last one ended
   * and leaves its own to the next. A single command starts nothing of others, and cancels what it leaves.
   */
  readonly resumeQueue?: boolean;
  /** How the host ends this engine and starts the next one. */
  readonly restart?: () => void;
}

export interface Engine extends Transport {
  /** The untyped side, for transports: any method name, any parameters. */
  invoke<M extends Method>(
    method: M,
    params: v.InferInput<(typeof methods)[M][0]>,
  ): Promise<v.InferOutput<(typeof methods)[M][1]>>;
  invoke(method: string, params: unknown): Promise<unknown>;
  /** Waits for those who joined, stops what runs, closes the database. */
  close(): Promise<void>;
}

/**
 * Opens a data folder and serves it until closed.
 * @throws WorkbenchError `not-a-data-folder`, `folder-owned`, `folder-unusable`, `database-newer`, `database-foreign`,
 *   `database-damaged`
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { forker = engineForker(), resumeQueue = false, restart = null } = options;
  // What is open, in the order in which it was opened; closed in the other.
  const closers: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (let next = closers.pop(); next; next = closers.pop()) await next();
  };
  try {
    const { dataDir, ownership } = own(options.dataDir);
    closers.push(() => ownership.release());
    releaseIfFull(dataDir);
    const database = openRestored(dataDir);
    closers.push(() => database.close());
    finishMove(dataDir);
    removeUnfinished(database);
    interruptRunning(database);
    sweepCheckpoints(database);
    sweepStaging(dataDir);

    const gate = new Gate();
    const events = new Events();
    const jobs = new Jobs(events);
    const queue = new Queue(database, events, jobs, processExecutor(forker, databasePath(dataDir)), {
      freeBytes: () => freeBytes(dataDir),
      patient: resumeQueue,
    });
    const loaded = new LoadedDatasets(database);
    const inspector = new Inspector(databasePath(dataDir), database, loaded);
    closers.push(() => inspector.close());
    const sweeps = new Sweeps({ dataDir, database, events, jobs, queue, inspector, versions });
    const goldenChecks = new GoldenChecks(database, events, inspector);
    closers.push(() => goldenChecks.close());
    const importer = new Importer({ dataDir, database, events, jobs, forker, loaded });
    closers.push(() => importer.close());
    const handlers = handlersOf({
      dataDir,
      database,
      events,
      jobs,
      queue,
      sweeps,
      importer,
      loaded,
      inspector,
      goldenChecks,
      forker,
      gate,
      restart,
      openAnother: (folder) => createEngine({ dataDir: folder, forker }),
      versions,
    });
    const invoke = async (method: string, params: unknown): Promise<unknown> => {
      gate.assertOpenTo(method);
      return dispatch(handlers, method, params);
    };
    const subscribe = (listener: (event: WorkbenchEvent) => void): (() => void) => events.subscribe(listener);
    const endpoint = await listen({ invoke, subscribe }).catch(aloneOnFullDisk);
    await sweepSocketFolders();
    const endJobs = async (): Promise<void> => {
      if (resumeQueue) await queue.close();
      await jobs.close();
    };
    // A command waits until those who joined it have their results; windows that close end everybody's work, and let
    // nobody join work that would end at once.
    const endEndpoint = (): Promise<void> | undefined => endpoint?.close();
    if (resumeQueue) closers.push(endEndpoint, endJobs, () => endpoint?.refuse());
    else closers.push(endJobs, endEndpoint);
    if (endpoint) ownership.publish({ pid: process.pid, address: endpoint.address, version: versions.app });
    reserve(dataDir);
    if (resumeQueue) {
      for (const run of queuedRuns(database, false)) queue.add(run);
      sweeps.resume();
      // Those whose turn it is begin after all were added: now.
      await nextTurn();
    }
    return { invoke, subscribe, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The folder that a name leads to; it may be moved while this waits for its lock. */
function own(name: string): { dataDir: string; ownership: Ownership } {
  for (;;) {
    // Commands that join are in other folders than this process, and are told of places in this one.
    const dataDir = followMoves(name.trim() === '' ? name : resolve(name));
    const ownership = takeOwnership(dataDir);
    if (movedTo(dataDir) === null) return { dataDir, ownership };
    ownership.release();
  }
}

/** Nobody can join where no socket can be made; what is there can still be read and deleted. */
function aloneOnFullDisk(error: unknown): null {
  if (fileError(error)?.code === 'disk-full') return null;
  throw error;
}

function handlersOf(context: EngineContext): Handlers {
  return {
    ...engineHandlers(context),
    ...jobHandlers(context),
    ...datasetHandlers(context),
    ...importHandlers(context),
    ...modelHandlers(),
    ...splitHandlers(context),
    ...queueHandlers(context),
    ...runHandlers(context),
    ...compareHandlers(context),
    ...reportHandlers(context),
    ...recommendHandlers(context),
    ...inspectHandlers(context),
    ...goldenHandlers(context),
    ...outsideHandlers(context),
    ...settingsHandlers(context),
    ...updateHandlers(context),
    ...storageHandlers(context),
    ...sweepHandlers(context),
    ...careHandlers(context),
  };
}

/** Finds the handler, checks the parameters, calls. */
async function dispatch(handlers: Handlers, method: string, params: unknown): Promise<unknown> {
  if (!Object.hasOwn(methods, method)) {
    throw new WorkbenchError(
      'unknown-method',
      `There is no method "${method.slice(0, 100)}".`,
      'See shared/contract.ts.',
    );
  }
  const fault = messageFault(params);
  if (fault) throw fromErrorShape(fault);
  const name = method as Method;
  const parsed = v.safeParse(methods[name][0], params);
  if (!parsed.success) throw invalidParameters(name, parsed.issues);
  const handler = handlers[name] as (checked: unknown) => unknown;
  return handler(parsed.output);
}
