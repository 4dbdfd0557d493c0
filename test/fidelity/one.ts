/** One run of one row, in a process of its own: prints a JSON line. */
import * as v from 'valibot';
import { RunConfig } from '../../shared/config.ts';
import { makeSplit } from '../../main/evaluation/splits/make-split.ts';
import { findPreset } from '../../main/models/presets.ts';
import { runTrial } from '../../main/training/loop.ts';
import { loadData } from './data.ts';
import { rows, type Row } from './rows.ts';

export interface OneResult {
  readonly metrics: Record<string, number>;
  readonly validation: Record<string, number>;
  readonly epochs: number;
  readonly trainSeconds: number;
  readonly evaluateSeconds: number;
  readonly examplesPerSecond: number;
  readonly engine: string;
  readonly notes: readonly string[];
}

export function configOf(row: Row, seed: number, fold: number): RunConfig {
  const preset = row.preset === undefined ? undefined : findPreset(row.preset);
  if (row.preset !== undefined && !preset) throw new Error(`there is no preset ${row.preset}`);
  const split = { ...preset?.split, ...row.split };
  return v.parse(RunConfig, {
    model: preset?.model ?? row.model,
    preset: preset?.name ?? null,
    parameters: { ...preset?.parameters, ...row.parameters },
    split: split.name === 'k-fold' ? { ...split, fold } : split,
    evaluation: { ...preset?.evaluation, ...row.evaluation },
    refit: (preset?.refit ?? false) && split.validation !== 'none',
    seed,
  });
}

export async function runOne(name: string, seed: number, fold: number): Promise<OneResult> {
  const row = rows.find((candidate) => candidate.name === name);
  if (!row) throw new Error(`there is no row ${name}`);
  const { ratings, given } = loadData(row.data);
  const config = configOf(row, seed, fold);
  const split = makeSplit(ratings, config.split, given);
  const epoch = ({ epoch, loss }: { epoch: number; loss: number }): void =>
    void process.stderr.write(`\r${name}, seed ${seed}: epoch ${epoch}, loss ${loss.toFixed(4)}   `);
  const result = await runTrial({ ratings, split, config }, { epoch });
  const { engine, backend, simd, threads } = result.compute;
  return {
    metrics: result.metrics.test,
    validation: result.metrics.validation,
    epochs: result.bestEpoch,
    trainSeconds: result.seconds.train,
    evaluateSeconds: result.seconds.evaluate,
    examplesPerSecond: result.examplesPerSecond,
    engine: `${engine} (${engine === 'fused' ? simd : backend}, ${threads} ${threads === 1 ? 'thread' : 'threads'})`,
    notes: result.notes,
  };
}

if (import.meta.main) {
  const [name, seed, fold] = process.argv.slice(2);
  const result = await runOne(name, Number(seed), Number(fold));
  process.stderr.write('\n');
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exit(0);
}
