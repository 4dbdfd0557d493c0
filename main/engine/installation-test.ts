/** Whether this installation can do what it is for: sample, training, compute engines, Parquet, store. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Doctor, SelfTest, Transport } from '../../shared/contract.ts';
import type { ImportOutcome } from '../../shared/imports.ts';
import { models } from '../models/registry.ts';
import type { EngineContext } from './context.ts';

type Check = SelfTest['checks'][number];
/** What a check found; throws where it fails. */
type Try = () => Promise<string | Pick<Check, 'outcome' | 'detail'>>;

/** What cannot be had on every system, and is done without. */
const dispensable = new Set(['tensorflow']);

/** Works in a temporary folder, which is gone afterwards. Never rejects: what goes wrong is in the report. */
export async function testInstallation({
  openAnother,
  versions,
}: Pick<EngineContext, 'openAnother' | 'versions'>): Promise<SelfTest> {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-self-test-'));
  const checks: Check[] = [];
  try {
    const engine = await openAnother(join(folder, 'data'));
    try {
      for (const [name, attempt] of Object.entries(attempts(engine, folder)))
        checks.push(await outcomeOf(name, attempt));
    } finally {
      await engine.close();
    }
  } catch (error) {
    checks.push({ name: 'engine', outcome: 'failed', detail: messageOf(error), seconds: 0 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    passed: checks.every(({ outcome }) => outcome !== 'failed'),
    versions: { ...versions },
    platform: `${process.platform} ${process.arch}`,
    checks,
  };
}

async function outcomeOf(name: string, attempt: Try): Promise<Check> {
  const began = performance.now();
  const found = await attempt().catch((error: unknown) => ({
    outcome: 'failed' as const,
    detail: messageOf(error),
  }));
  const seconds = Math.round(performance.now() - began) / 1000;
  return { name, seconds, ...(typeof found === 'string' ? { outcome: 'passed', detail: found } : found) };
}

/** The checks in the order in which they run: later ones use the data and files that earlier ones made. */
function attempts(engine: Transport, folder: string): Record<string, Try> {
  const file = join(folder, 'ratings.parquet');
  const finished = async ({ job }: { job: string }): Promise<unknown> => engine.invoke('jobs.wait', { job });
  let dataset = '';
  let ratings = 0;
  let doctor: Doctor | null = null;
  const computes =
    (name: string): Try =>
    async () => {
      doctor ??= await engine.invoke('engine.doctor', {});
      const report = doctor.compute.find(({ engine: one }) => one === name);
      const detail = [report?.version, report?.detail].filter(Boolean).join(', ');
      if (report?.loads) return `${detail}, ${report.gflops?.toFixed(1) ?? '?'} GFLOP/s`;
      return { outcome: dispensable.has(name) ? 'absent' : 'failed', detail: detail || 'not tried' };
    };
  return {
    async sample() {
      await finished(await engine.invoke('datasets.sample', { runs: false }));
      const [sample] = await engine.invoke('datasets.list', {});
      dataset = sample.id;
      ratings = sample.ratings;
      return `${ratings} ratings`;
    },
    async 'fused epoch'() {
      const model = models.find(({ factories, iterative }) => factories.fused && iterative)?.name;
      if (model === undefined) throw new Error('no model has a fused form');
      const config = { model, parameters: { epochs: 1 }, compute: 'fused' } as const;
      const { runs } = await engine.invoke('runs.start', { dataset, configs: [config] });
      await finished({ job: runs[0] });
      const { run } = await engine.invoke('runs.get', { run: runs[0] });
      if (run.status !== 'finished') throw new Error(`the run ended as ${run.status}`);
      return `${run.compute?.backend ?? ''}, SIMD ${run.compute?.simd ?? ''}`;
    },
    async 'Parquet file'() {
      await finished(await engine.invoke('datasets.export', { dataset, path: file, format: 'parquet' }));
      const { settings } = await engine.invoke('import.inspect', { path: file });
      const started = await engine.invoke('import.start', { path: file, name: 'From Parquet', settings });
      const { dataset: imported } = (await finished(started)) as ImportOutcome;
      if (imported?.ratings !== ratings)
        throw new Error(`${imported?.ratings ?? 0} of ${ratings} ratings came back`);
      return `${ratings} ratings written and read again, ${statSync(file).size} bytes`;
    },
    fused: computes('fused'),
    wasm: computes('wasm'),
    tensorflow: computes('tensorflow'),
    async store() {
      const { storage } = await engine.invoke('engine.doctor', { selfTest: false });
      if (storage.integrity !== 'ok') throw new Error(storage.integrity);
      return `${storage.databaseBytes} bytes, integrity ok`;
    },
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
