/** Opens a capsule, holds it to its schema, sizes and checksums, and stages what the engine stores. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { Capsule, CAPSULE_VERSION, type CapsuleDataset, type CapsuleRun } from '../../../shared/capsules.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { resolveParameters, schemaOf } from '../../model/parameters.ts';
import { findModel } from '../../models/registry.ts';
import { arrayFrom } from '../../store/columns.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findByFingerprint } from '../../store/datasets.ts';
import { throwIfAborted } from '../abort.ts';
import { writeStaged } from '../staged.ts';
import { datasetOf } from './capsule-dataset.ts';
import { CapsuleZip, notACapsule } from './capsule-zip.ts';
import { arrayFault, isFinite, isPart, type RunArrays } from './check-arrays.ts';

export interface CapsuleImport {
  readonly path: string;
  /** Folder that is made, and removed by the engine. */
  readonly staging: string;
}

export interface OpenedCapsule {
  readonly runs: readonly CapsuleRun[];
  readonly splits: Capsule['splits'];
  /** Data sets that are not stored yet, each staged in a folder of its own. */
  readonly datasets: readonly {
    readonly name: string;
    readonly fingerprint: string;
    readonly staging: string;
  }[];
  readonly writtenBy: Record<string, string>;
}

const MOST_MANIFEST = 256 << 20;
const bytesOfType = { f32: 4, f64: 8, u32: 4, u8: 1 } as const;

/** @throws WorkbenchError `not-a-capsule`, `capsule-newer`, `dataset-needed`, `cancelled` */
export async function openCapsule(
  database: ReadableDatabase,
  { path, staging }: CapsuleImport,
  signal?: AbortSignal,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<OpenedCapsule> {
  const zip = await CapsuleZip.open(path);
  try {
    return await new Opening(
      path,
      zip,
      await manifestOf(path, zip),
      staging,
      database,
      signal,
      onProgress,
    ).run();
  } finally {
    zip.close();
  }
}

async function manifestOf(path: string, zip: CapsuleZip): Promise<Capsule> {
  const bytes = await zip.read('capsule.json', MOST_MANIFEST, null);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw notACapsule(path, 'its capsule.json is no JSON');
  }
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : null;
  if (typeof version === 'number' && version > CAPSULE_VERSION)
    throw new WorkbenchError(
      'capsule-newer',
      `${path} was written by a newer version of the workbench (capsule ${version}, this one knows ${CAPSULE_VERSION}).`,
      'Install the newer version, and open it there.',
    );
  const parsed = v.safeParse(Capsule, value, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw notACapsule(path, `its capsule.json has a wrong ${v.getDotPath(issue) ?? 'form'}: ${issue.message}`);
}

class Opening {
  readonly #path: string;
  readonly #zip: CapsuleZip;
  readonly #capsule: Capsule;
  readonly #staging: string;
  readonly #database: ReadableDatabase;
  readonly #signal: AbortSignal | undefined;
  readonly #progress: (done: number, total: number) => void;
  readonly #files: ReadonlyMap<string, Capsule['files'][number]>;
  #read = 0;

  constructor(
    path: string,
    zip: CapsuleZip,
    capsule: Capsule,
    staging: string,
    database: ReadableDatabase,
    signal: AbortSignal | undefined,
    progress: (done: number, total: number) => void,
  ) {
    this.#path = path;
    this.#zip = zip;
    this.#capsule = capsule;
    this.#staging = staging;
    this.#database = database;
    this.#signal = signal;
    this.#progress = progress;
    this.#files = new Map(capsule.files.map((file) => [file.name, file]));
  }

  async run(): Promise<OpenedCapsule> {
    const { runs, splits, writtenBy } = this.#capsule;
    const strange = [...this.#zip.names].find((name) => name !== 'capsule.json' && !this.#files.has(name));
    if (strange !== undefined)
      throw notACapsule(this.#path, `it has a member ${strange} that it does not tell of`);
    const fingerprints = this.#capsule.datasets.map(({ fingerprint }) => fingerprint);
    const twice = this.#capsule.datasets.find(({ fingerprint }, n) => fingerprints.indexOf(fingerprint) < n);
    if (twice) throw notACapsule(this.#path, `it has the data set "${twice.name}" twice`);
    mkdirSync(this.#staging, { recursive: true });
    const datasets: OpenedCapsule['datasets'][number][] = [];
    for (const [n, facts] of this.#capsule.datasets.entries()) {
      const staged = await this.#dataset(facts, join(this.#staging, `dataset-${n}`));
      if (staged) datasets.push(staged);
    }
    for (const [n, split] of splits.entries()) {
      const { ratings } = this.#sizesOf(split.fingerprint);
      const part = await this.#member(split.file);
      if (!isPart(part, ratings)) throw notACapsule(this.#path, 'a split does not fit its data set');
      this.#stage(`split-${n}`, part);
    }
    for (const [n, run] of runs.entries()) await this.#run(run, n);
    return { runs, splits, datasets, writtenBy };
  }

  async #run(run: CapsuleRun, n: number): Promise<void> {
    const sizes = this.#sizesOf(run.fingerprint);
    const known = this.#capsule.splits.some(
      ({ hash, fingerprint }) => hash === run.split.hash && fingerprint === run.fingerprint,
    );
    if (!known) throw notACapsule(this.#path, `the split of run "${run.name}" is missing`);
    const wrong = parameterFault(run);
    if (wrong !== null) throw notACapsule(this.#path, `run "${run.name}": ${wrong}`);
    const arrays: RunArrays = {};
    for (const [k, { kind, name, type, file }] of run.arrays.entries()) {
      const bytes = await this.#member(file);
      if (bytes.length % bytesOfType[type] !== 0)
        throw notACapsule(this.#path, `an array of run "${run.name}" is cut short`);
      const array = arrayFrom(type as 'f32', bytes);
      if (kind !== 'weights') (arrays[kind] ??= {})[name] = array;
      else if (!isFinite(array))
        throw notACapsule(
          this.#path,
          `the weights "${name}" of run "${run.name}" hold values that are no finite numbers`,
        );
      this.#stage(`run-${n}-${k}`, bytes);
    }
    const fault = arrayFault(arrays, sizes);
    if (fault) throw notACapsule(this.#path, `run "${run.name}": ${fault}`);
  }

  /** Null where the data set is here already. */
  async #dataset(facts: CapsuleDataset, staging: string): Promise<OpenedCapsule['datasets'][number] | null> {
    const { name, fingerprint, columns } = facts;
    const stored = findByFingerprint(this.#database, fingerprint);
    if (stored) {
      const same =
        stored.users === facts.users && stored.items === facts.items && stored.ratings === facts.ratings;
      if (same) return null;
      throw notACapsule(
        this.#path,
        `its data set "${name}" has other sizes than the one of its fingerprint here`,
      );
    }
    if (columns === null)
      throw new WorkbenchError(
        'dataset-needed',
        `The runs were trained on "${name}" (${facts.ratings.toLocaleString('en')} ratings, fingerprint ${fingerprint.slice(0, 12)}), which is neither here nor in the capsule.`,
        'Import that data set first, or have the capsule exported with its data set (--with-dataset).',
      );
    const dataset = await datasetOf(facts, async (column) => {
      const member = Object.hasOwn(columns, column) ? columns[column] : undefined;
      return member === undefined ? null : this.#member(member);
    });
    if (typeof dataset === 'string') throw notACapsule(this.#path, dataset);
    writeStaged(staging, dataset, null);
    return { name, fingerprint, staging };
  }

  #sizesOf(fingerprint: string): CapsuleDataset {
    const found = this.#capsule.datasets.find((dataset) => dataset.fingerprint === fingerprint);
    if (found) return found;
    throw notACapsule(this.#path, 'it does not tell the data set of a run');
  }

  async #member(name: string): Promise<Uint8Array> {
    throwIfAborted(this.#signal);
    this.#progress(this.#read++, this.#files.size);
    const file = this.#files.get(name);
    if (!file) throw notACapsule(this.#path, `it does not tell the checksum of ${name}`);
    const bytes = await this.#zip.read(name, file.bytes, file.sha256);
    if (bytes.length !== file.bytes) throw notACapsule(this.#path, `its member ${name} is cut short`);
    return bytes;
  }

  #stage(name: string, bytes: Uint8Array): void {
    writeFileSync(join(this.#staging, `${name}.bin`), bytes);
  }
}

/** What the sizes of a model are taken from is within its bounds; of another version's parameters nothing is known. */
function parameterFault({ config, parameters }: CapsuleRun): string | null {
  const model = findModel(config.model);
  if (!model) return null;
  const known = schemaOf(model).flatMap(({ name }) =>
    Object.hasOwn(parameters, name) ? [[name, parameters[name]] as const] : [],
  );
  try {
    resolveParameters(model, Object.fromEntries(known));
    return null;
  } catch (error) {
    if (error instanceof WorkbenchError) return error.message.replace(/\.$/, '');
    throw error;
  }
}
