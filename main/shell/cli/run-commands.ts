import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Run as RunRecord } from '../../../shared/contract.ts';
import { type ExportKind, exportKinds } from '../../evaluation/export-run.ts';
import { integer, integers, number, setting } from './arguments.ts';
import { figure, table } from './output.ts';
import type { Run } from './run.ts';
import { runJson, train, type TrainOptions } from './train.ts';

export function runCommands(program: Command, run: Run): void {
  program
    .command('models')
    .description('list models with their hyper-parameters and presets')
    .action(
      run(async (host) => {
        const models = await host.invoke('models.list', {});
        const text = models.map((model) =>
          [
            `${model.name}: ${model.title}. ${model.summary}`,
            ...model.parameters.map((p) => `  ${p.name} = ${String(p.default)}: ${p.effect}`),
            ...model.presets.map((preset) => `  preset ${preset.name}: ${preset.title}`),
          ].join('\n'),
        );
        return { json: { models }, text: text.join('\n\n') };
      }),
    );

  program
    .command('train')
    .description('train a model, evaluate it and store the run')
    .requiredOption('--dataset <name>', 'id or name')
    .option('--model <name>', 'see the command models')
    .option('--preset <name>', 'a configuration of the book or a paper')
    .option('--set <key=value>', 'a hyper-parameter; may be repeated', setting)
    .option('--split <name>', 'random, user-ratio, leave-last-out, global-time, k-fold, given')
    .option('--test-share <share>', 'share of the ratings that is test', number)
    .option('--split-seed <n>', 'seed of the split', integer)
    .option('--ties <rule>', 'last or first of the rows that share the latest time')
    .option('--folds <n>', 'k-fold: how many', integer)
    .option('--validation <rule>', 'auto or none')
    .option('--refit', 'train on train + validation for the chosen epochs, then test')
    .option('--no-refit', 'test the weights of the best epoch')
    .option('--positive <rating>', 'ratings of at least this are positive', number)
    .option('--candidates <rule>', 'all, train, given, sampledN')
    .option('--candidate-seed <n>', 'seed of sampled candidates', integer)
    .option('--keep-seen', 'rank items of the train part too')
    .option('--k <list>', 'list lengths, e.g. 5,10,20,50', integers)
    .option('--target <metric>', 'metric that chooses the epoch, e.g. ndcg@10')
    .option('--seed <n>', 'initialisation, shuffling, negatives, dropout', integer)
    .option('--compute <engine>', 'auto, fused, tensorflow, wasm, cpu')
    .option('--threads <n>', 'threads of the compute engine', integer)
    .option('--name <name>', 'name of the run')
    .action(
      run(async (host, _, options: TrainOptions) => {
        const json = await train(host, options);
        return { json, text: trainedText(json) };
      }),
    );

  program
    .command('runs')
    .description('list runs')
    .option('--dataset <name>', 'of one data set')
    .option('--archived', 'archived ones too', false)
    .action(
      run(async (host, _, flags: { dataset?: string; archived: boolean }) => {
        const runs = await host.invoke('runs.list', flags);
        return { json: { runs }, text: runsText(runs) };
      }),
    );

  program
    .command('run <id>')
    .description('one run, whole')
    .action(
      run(async (host, [id]) => {
        const { run: found, epochs, log } = await host.invoke('runs.get', { run: id });
        const json = { ...runJson(found, epochs), log };
        return { json, text: trainedText(json) };
      }),
    );

  program
    .command('cancel <id>')
    .description('stop a run or another job')
    .option('--after-epoch', 'let the epoch end and keep its figures', false)
    .action(
      run(async (host, [id], flags: { afterEpoch: boolean }) => {
        const jobs = await host.invoke('jobs.list', {});
        const isRun = (await host.invoke('runs.list', { archived: true })).find(
          (r) => r.id === id || r.name === id,
        );
        if (isRun) await host.invoke('runs.stop', { run: id, when: flags.afterEpoch ? 'epoch' : 'now' });
        else await host.invoke('jobs.cancel', { job: id });
        const cancelled = isRun?.id ?? jobs.find((job) => job.id === id)?.id ?? id;
        return { json: { cancelled }, text: `Asked ${cancelled} to stop.` };
      }),
    );

  program
    .command('export-run <id>')
    .description('write what a run left, as CSV files')
    .option('--lists <file>', 'user,item,rank,score')
    .option('--split <file>', 'user,item,rating,part')
    .option('--per-user <file>', 'user,metric,value')
    .option('--predictions <file>', 'user,item,rating,prediction')
    .option('--ranks <file>', 'user,item,above,equal,candidates')
    .option('--items <file>', 'item,title,genres,trainCount')
    .action(
      run(async (host, [id], flags: Partial<Record<ExportKind, string>>) => {
        const asked = exportKinds.flatMap((kind) =>
          flags[kind] === undefined ? [] : [[kind, resolve(flags[kind])]],
        );
        const absolute = Object.fromEntries(asked) as typeof flags;
        const written = await host.invoke('runs.export', { run: id, files: absolute });
        return { json: written, text: written.written.map((file) => `Wrote ${file}.`).join('\n') };
      }),
    );
}

function trainedText(json: Record<string, unknown>): string {
  const { run, metrics, epochs } = json as {
    run?: { name: string; status: string };
    metrics: { test: Record<string, number | { mean: number; sd: number }> };
    epochs?: unknown[];
  };
  const rows = Object.entries(metrics.test).map(([name, value]) =>
    typeof value === 'number' ? [name, value] : [name, value.mean, value.sd],
  );
  const head = run ? `${run.name}: ${run.status} after ${epochs?.length ?? 0} epochs` : 'All folds';
  return `${head}\n${table(run ? ['test metric', 'value'] : ['test metric', 'mean', 'sd'], rows)}`;
}

function runsText(runs: readonly RunRecord[]): string {
  if (runs.length === 0) return 'No runs yet. Train a first one: train --dataset … --model mf.';
  return table(
    ['id', 'name', 'status', 'data set', 'split', 'epoch', 'target', 'test'],
    runs.map((r) => [
      r.id.slice(0, 8),
      r.name,
      r.status,
      r.datasetName,
      r.split?.name ?? '–',
      figure(r.bestEpoch ?? r.epoch),
      r.target,
      r.metrics.test[r.target] ?? null,
    ]),
  );
}
