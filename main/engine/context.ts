import type { Transport } from '../../shared/contract.ts';
import type { Forker } from '../process/channel.ts';
import type { WritableDatabase } from '../store/database.ts';
import type { Gate } from './gate.ts';
import type { Events } from './events.ts';
import type { Importer } from './datasets/dataset-jobs.ts';
import type { GoldenChecks } from './inspect/golden-checks.ts';
import type { Inspector } from './inspector.ts';
import type { Jobs } from './jobs.ts';
import type { LoadedDatasets } from './loaded.ts';
import type { Queue } from './runs/queue.ts';
import type { Sweeps } from './sweeps/sweeps.ts';

/** What the handlers share. */
export interface EngineContext {
  readonly dataDir: string;
  readonly database: WritableDatabase;
  readonly events: Events;
  readonly jobs: Jobs;
  readonly queue: Queue;
  readonly sweeps: Sweeps;
  readonly importer: Importer;
  readonly loaded: LoadedDatasets;
  readonly inspector: Inspector;
  readonly goldenChecks: GoldenChecks;
  readonly forker: Forker;
  readonly gate: Gate;
  /** Ends this engine and starts the next one; null where it belongs to a command and ends with that. */
  readonly restart: (() => void) | null;
  /** An engine of another folder, in this process. */
  readonly openAnother: (dataDir: string) => Promise<Transport & { close(): Promise<void> }>;
  /** Of the app and the libraries that figures depend on. */
  readonly versions: Readonly<Record<string, string>>;
}
