/** Run capsules: written and opened in a process of their own, stored here. */
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { CapsuleRun } from '../../../shared/capsules.ts';
import type { Checked } from '../../../shared/contract.ts';
import type { OpenedCapsule } from '../../files/capsule/open-capsule.ts';
import { stagedBytes } from '../../files/capsule/staged-bytes.ts';
import { readStaged } from '../../files/staged.ts';
import { plainPatience } from '../../model/stopping-parameters.ts';
import { type ArtifactKind, writeArtifacts } from '../../store/artifacts.ts';
import { arrayFrom, type TypedArray } from '../../store/columns.ts';
import { findByFingerprint, findDataset } from '../../store/datasets.ts';
import { findRun, insertRun, replaceEpochs, updateRun } from '../../store/runs.ts';
import { writeSplit } from '../../store/splits.ts';
import type { EngineContext } from '../context.ts';
import { storeStaged } from '../datasets/storing.ts';
import { databasePath } from '../folder.ts';
import { dropUpload } from '../staging.ts';

/** Starts the job; its result is `{ written }`. */
export function startCapsuleExport(
  { database, dataDir, importer }: EngineContext,
  { runs: named, path, withDataset }: Checked<'capsules.export'>,
): string {
  const runs = [...new Set(named.map((run) => findRun(database, run).run.id))];
  return importer.start('export', `Export a capsule of ${counted(runs.length)}`, async (_, run) => {
    await run({ job: 'write-capsule', database: databasePath(dataDir), runs, path, withDataset });
    return { written: path };
  });
}

/** Starts the job; its result is `{ runs, datasets }`, ids of what is new. */
export function startCapsuleImport(context: EngineContext, { path }: Checked<'capsules.import'>): string {
  const { database, dataDir, importer, events } = context;
  return importer.start('import', `Open ${basename(path)}`, async (control, run, staging) => {
    const opened = await run({ job: 'open-capsule', database: databasePath(dataDir), path, staging });
    control.progress({ stage: 'Storing' });
    const datasets: string[] = [];
    for (const dataset of opened.capsule.datasets) {
      const origin = {
        name: importer.freeName(dataset.name.slice(0, 120) || 'From a capsule'),
        source: { file: basename(path), from: 'a capsule' },
        ...{ parent: null, sample: false },
      };
      datasets.push(await storeStaged(database, readStaged(dataset.staging), origin, control.signal));
    }
    control.signal.throwIfAborted();
    const runs = storeRuns(context, opened.capsule, staging);
    dropUpload(dataDir, path);
    for (const id of runs) events.emit({ event: 'runs.changed', payload: { run: id } });
    events.emit({ event: 'datasets.changed', payload: { dataset: null } });
    return { runs, datasets };
  });
}

const counted = (runs: number): string => (runs === 1 ? '1 run' : `${runs} runs`);

/** All of them or none. */
function storeRuns({ database }: EngineContext, capsule: OpenedCapsule, staging: string): string[] {
  const { runs, splits, writtenBy } = capsule;
  const ids: string[] = [];
  database
    .transaction(() => {
      for (const [n, { fingerprint, hash, config }] of splits.entries()) {
        const part = new Uint8Array(stagedBytes(staging, `split-${n}`));
        writeSplit(database, datasetOf(fingerprint), { hash, config, part });
      }
      for (const [n, run] of runs.entries()) {
        const id = randomUUID();
        ids.push(id);
        const { name, config, target, epochs, group, versions } = run;
        const parameters = withOldStopping(run.parameters);
        const key = insertRun(database, {
          ...{ id, name, dataset: datasetOf(run.fingerprint), fingerprint: run.fingerprint },
          ...{ config, parameters, target, epochs, group, versions },
        });
        for (const [kind, arrays] of arraysOf(run, n, staging)) writeArtifacts(database, key, kind, arrays);
        replaceEpochs(database, key, run.curve);
        updateRun(database, key, { ...columnsOf(run), notes: [...run.notes, provenance(writtenBy)] });
      }
    })
    .immediate();
  return ids;

  function datasetOf(fingerprint: string): number {
    return findDataset(database, findByFingerprint(database, fingerprint)?.id ?? fingerprint).key;
  }
}

/** Versions before this one stopped by plain patience: trained again, such a run is to give the same bits. */
function withOldStopping(parameters: CapsuleRun['parameters']): CapsuleRun['parameters'] {
  if (!('patience' in parameters) || 'noiseMargin' in parameters) return parameters;
  return { ...parameters, ...plainPatience, patience: parameters['patience'] };
}

function provenance({ app, system }: Record<string, string>): string {
  return `From a capsule, written by version ${app ?? '?'} on ${system ?? 'another machine'}.`;
}

function columnsOf(run: CapsuleRun): Parameters<typeof updateRun>[2] {
  const { split, compute, metrics, interval, epoch, bestEpoch, loss, seconds } = run;
  const { examplesPerSecond, peakMemoryMb, cost, tags, note, log, startedAt, finishedAt } = run;
  return {
    ...{ status: 'finished', splitName: split.name, splitHash: split.hash, compute, metrics, interval },
    ...{ epoch, bestEpoch, loss, trainSeconds: seconds.train, evaluateSeconds: seconds.evaluate },
    ...{ examplesPerSecond, peakMemoryMb, cost, tags, note, log, startedAt, finishedAt },
  };
}

function arraysOf(run: CapsuleRun, n: number, staging: string): [ArtifactKind, Record<string, TypedArray>][] {
  const kinds = new Map<ArtifactKind, Record<string, TypedArray>>();
  for (const [k, { kind, name, type }] of run.arrays.entries()) {
    const arrays = kinds.get(kind) ?? {};
    arrays[name] = arrayFrom(type as 'f32', stagedBytes(staging, `run-${n}-${k}`));
    kinds.set(kind, arrays);
  }
  return [...kinds];
}
