/** Writes runs with everything that belongs to them into one zip file. */
import { createHash } from 'node:crypto';
import os from 'node:os';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { artifactKinds, type Capsule, CAPSULE_VERSION, type CapsuleRun } from '../../../shared/capsules.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { writeOutput } from '../../base/output.ts';
import { versions } from '../../base/versions.ts';
import { artifactNames, readArtifact } from '../../store/artifacts.ts';
import { bytesOf, readColumn } from '../../store/columns.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findDataset } from '../../store/datasets.ts';
import { allItems, userIds } from '../../store/entities.ts';
import { epochsOf, findRun, logOf, versionsOf } from '../../store/runs.ts';
import { readParts } from '../../store/splits.ts';
import { stagedColumns } from '../staged.ts';
import { throwIfAborted } from '../abort.ts';

export interface CapsuleExport {
  /** Ids. */
  readonly runs: readonly string[];
  readonly path: string;
  readonly withDataset: boolean;
}

/** Bytes handed to the zip at a time. */
const PIECE = 1 << 20;
/** One date for all members: the same runs give the same file. */
const mtime = new Date(2026, 0, 1);

/** @throws WorkbenchError `run-unfinished`, and what `writeOutput` refuses */
export async function writeCapsule(
  database: ReadableDatabase,
  { runs: ids, path, withDataset }: CapsuleExport,
  signal?: AbortSignal,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<void> {
  const packing = new Packing(database);
  const runs = ids.map((id, n) => packing.run(id, n));
  const datasets = packing.datasets(withDataset);
  await writeOutput(path, async ({ write }) => {
    const zip = new ZipFile();
    const outputStream = zip.outputStream as Readable;
    zip.on('error', (error: Error) => outputStream.destroy(error));
    packing.addTo(zip, (done) => onProgress(done, packing.count));
    zip.addReadStreamLazy('capsule.json', { mtime }, (next) => {
      const { system, processor, cores } = machine();
      const capsule: Capsule = {
        ...{ format: 'recommender-workbench-capsule', version: CAPSULE_VERSION, createdAt: Date.now() },
        writtenBy: { app: versions.app, node: versions.node, system, processor, cores },
        ...{ runs, splits: packing.splits, datasets, files: packing.files },
      };
      next(null, Readable.from([Buffer.from(JSON.stringify(capsule))]));
    });
    zip.end();
    for await (const chunk of outputStream as AsyncIterable<Buffer>) {
      throwIfAborted(signal);
      write(chunk);
    }
  });
}

function machine(): { system: string; processor: string; cores: string } {
  const [processor] = os.cpus();
  return {
    system: `${os.platform()} ${os.release()} ${os.arch()}`,
    processor: processor?.model ?? 'unknown',
    cores: String(os.availableParallelism()),
  };
}

/** Members of the zip, each read from the database when its turn comes. */
class Packing {
  readonly #database: ReadableDatabase;
  readonly #members: { readonly name: string; readonly read: () => Uint8Array }[] = [];
  readonly #datasets = new Map<string, string>();
  readonly files: Capsule['files'] = [];
  readonly splits: Capsule['splits'] = [];

  constructor(database: ReadableDatabase) {
    this.#database = database;
  }

  get count(): number {
    return this.#members.length;
  }

  run(id: string, n: number): CapsuleRun {
    const { key, run } = findRun(this.#database, id);
    if (run.status !== 'finished' || !run.split)
      throw new WorkbenchError(
        'run-unfinished',
        `Run "${run.name}" is ${run.status}: a capsule holds finished runs.`,
        'Wait until it has finished, or leave it out.',
      );
    this.#datasets.set(run.fingerprint, run.dataset);
    this.#split(run.fingerprint, run.dataset, run.split.hash, run.config.split);
    const arrays = artifactKinds.flatMap((kind) =>
      artifactNames(this.#database, key, kind).map(({ name, type }, k) => {
        const file = `runs/${n}/${kind}/${k}.bin`;
        this.#add(file, () => bytesOf(readArtifact(this.#database, key, kind, name) ?? new Uint8Array(0)));
        return { kind, name, type, file };
      }),
    );
    const { name, fingerprint, config, parameters, seed, target, split, compute, metrics, interval } = run;
    const { epoch, epochs, bestEpoch, loss, seconds, examplesPerSecond, peakMemoryMb, cost } = run;
    const { notes, tags, note, group, createdAt, startedAt, finishedAt } = run;
    return {
      ...{
        from: run.id,
        name,
        fingerprint,
        config,
        parameters,
        seed,
        target,
        split,
        compute,
        metrics,
        interval,
      },
      ...{ epoch, epochs, bestEpoch, loss, seconds, examplesPerSecond, peakMemoryMb, cost },
      ...{ notes, tags, note, group, createdAt, startedAt, finishedAt },
      versions: versionsOf(this.#database, key),
      curve: epochsOf(this.#database, key),
      log: logOf(this.#database, key),
      arrays,
    };
  }

  #split(fingerprint: string, dataset: string, hash: string, config: CapsuleRun['config']['split']): void {
    if (this.splits.some((split) => split.hash === hash && split.fingerprint === fingerprint)) return;
    const file = `splits/${this.splits.length}.bin`;
    this.splits.push({ hash, fingerprint, config, file });
    const { key } = findDataset(this.#database, dataset);
    this.#add(file, () => readParts(this.#database, key, hash) ?? new Uint8Array(0));
  }

  datasets(included: boolean): Capsule['datasets'] {
    return [...this.#datasets.values()].map((id, n) => {
      const { key, dataset } = findDataset(this.#database, id);
      const { name, fingerprint, users, items, ratings, implicit, timeKind } = dataset;
      const facts = { name, fingerprint, users, items, ratings, implicit, timeKind };
      if (!included) return { ...facts, columns: null };
      const columns: Record<string, string> = {};
      for (const column of stagedColumns) {
        if (!hasColumn(this.#database, key, column)) continue;
        columns[column] = `datasets/${n}/${column}.bin`;
        this.#add(columns[column], () => readColumn(this.#database, key, column) ?? new Uint8Array(0));
      }
      columns['users'] = `datasets/${n}/users.json`;
      this.#add(columns['users'], () => Buffer.from(JSON.stringify(userIds(this.#database, key))));
      columns['items'] = `datasets/${n}/items.json`;
      this.#add(columns['items'], () => Buffer.from(JSON.stringify(allItems(this.#database, key))));
      return { ...facts, columns };
    });
  }

  #add(name: string, read: () => Uint8Array): void {
    this.#members.push({ name, read });
  }

  addTo(zip: ZipFile, onAdded: (done: number) => void): void {
    this.#members.forEach(({ name, read }, n) => {
      zip.addReadStreamLazy(name, { mtime }, (next) => {
        let bytes: Uint8Array;
        try {
          bytes = read();
        } catch (error) {
          next(error, Readable.from([]));
          return;
        }
        this.files.push({
          name,
          bytes: bytes.length,
          sha256: createHash('sha256').update(bytes).digest('hex'),
        });
        onAdded(n);
        next(null, Readable.from(pieces(bytes), { objectMode: false }));
      });
    });
  }
}

function* pieces(bytes: Uint8Array): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) yield Buffer.from(bytes.subarray(at, at + PIECE));
}

function hasColumn(database: ReadableDatabase, dataset: number, name: string): boolean {
  return (
    database.prepare('SELECT 1 FROM columns WHERE dataset = ? AND name = ? LIMIT 1').get(dataset, name) !==
    undefined
  );
}
