import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { computeNames, splitNames } from '../../../shared/config.ts';
import type { Run as RunRecord } from '../../../shared/contract.ts';
import { findMetricKey } from '../../../shared/metrics.ts';
import { type ExportKind, exportKinds } from '../../../shared/runs.ts';
import { WorkbenchError } from '../../errors.ts';
import { candidates, lengths, name as named, number, setting, share, whole } from './arguments.ts';
import { figure, table } from './text.ts';
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
    .addOption(new Option('--split <name>', 'what is test (random unless told)').choices(splitNames))
    .option('--test-share <share>', 'share of the ratings that is test (.1 unless told)', share)
    .option('--split-seed <n>', 'seed of the split (1 unless told)', whole(0))
    .addOption(
      new Option('--ties <rule>', 'which of the rows that share the latest time is the last').choices([
        'last',
        'first',
      ]),
    )
    .option('--folds <n>', 'k-fold: how many (5 unless told); one run each', whole(2, 100))
    .addOption(
      new Option('--validation <rule>', 'a tenth of what is not test, or no validation').choices([
        'auto',
        'none',
      ]),
    )
    .option('--refit', 'train on train + validation for the chosen epochs, then test')
    .option('--no-refit', 'test the weights of the best epoch')
    .option('--positive <rating>', 'ratings of at least this are positive', number)
    .option('--candidates <rule>', 'all, train, given, sampledN (all unless told)', candidates)
    .option('--candidate-seed <n>', 'seed of sampled candidates', whole(0))
    .option('--keep-seen', 'rank items of the train part too')
    .option('--k <list>', 'list lengths (5,10,20,50 unless told)', lengths)
    .option('--target <metric>', 'metric that chooses the epoch, e.g. ndcg@10')
    .option('--seed <n>', 'initialisation, shuffling, negatives, dropout', whole(0, 4294967295))
    .addOption(new Option('--compute <engine>', 'what computes (auto unless told)').choices(computeNames))
    .option('--threads <n>', 'threads of the compute engine', whole(1, 256))
    .option('--name <name>', 'name of the run', named)
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
        const whole = runs.map((each) => ({
          ...each,
          config: { ...each.config, parameters: each.parameters },
        }));
        return { json: { runs: whole }, text: runsText(runs) };
      }),
    );

  program
    .command('run <id>')
    .description('one run, whole')
    .action(
      run(async (host, [id]) => {
        const { run: found, epochs, log } = await host.invoke('runs.get', { run: id });
        const json = { ...runJson(found, epochs), log };
        return { json, text: `${runText(found)}\n\n${trainedText(json)}` };
      }),
    );

  program
    .command('cancel <id>')
    .description('stop a run or another job')
    .option('--after-epoch', 'let the epoch end and keep its figures', false)
    .action(
      run(async (host, [id], flags: { afterEpoch: boolean }) => {
        const named = (await host.invoke('runs.list', { archived: true })).filter(
          (each) => each.id === id || each.name === id,
        );
        if (named.length === 0) {
          await host.invoke('jobs.cancel', { job: id });
          return { json: { cancelled: id }, text: `Asked ${id} to stop.` };
        }
        const active = named.find(({ status }) => status === 'running' || status === 'queued');
        if (!active)
          throw new WorkbenchError(
            'not-running',
            `Run "${id}" is ${named[0].status}: there is nothing to cancel.`,
            'The command runs lists what is running.',
          );
        await host.invoke('runs.stop', { run: active.id, when: flags.afterEpoch ? 'epoch' : 'now' });
        return { json: { cancelled: active.id }, text: `Asked run "${active.name}" to stop.` };
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
    .option('--factors <file>', 'item,factor1,…: diversity is taken by them where no genres are known')
    .option(
      '--candidates <file>',
      'user,item,candidate: sampled ones drawn again from their seed, or given ones',
    )
    .action(
      run(async (host, [id], flags: Partial<Record<ExportKind, string>>) => {
        const asked = exportKinds.flatMap((kind) =>
          flags[kind] === undefined ? [] : [[kind, resolve(flags[kind])]],
        );
        if (asked.length === 0)
          throw new WorkbenchError(
            'files-needed',
            'No file was named to write.',
            'Name one or more, e.g. --lists lists.csv; see workbench export-run --help.',
          );
        const absolute = Object.fromEntries(asked) as typeof flags;
        const written = await host.invoke('runs.export', { run: id, files: absolute });
        return { json: written, text: written.written.map((file) => `Wrote ${file}.`).join('\n') };
      }),
    );
}

function trainedText(json: Record<string, unknown>): string {
  const { run, metrics, epochs, notes } = json as {
    run?: { name: string; status: string };
    notes?: string[];
    metrics: { test: Record<string, number | { mean: number; sd: number }> };
    epochs?: unknown[];
  };
  const rows = Object.entries(metrics.test).map(([name, value]) =>
    typeof value === 'number' ? [name, value] : [name, value.mean, value.sd],
  );
  const passes = epochs?.length ?? 0;
  const head = [
    run ? `${run.name}: ${run.status} after ${passes} epoch${passes === 1 ? '' : 's'}` : 'All folds',
    ...(notes ?? []).map((note) => `Note: ${note}`),
  ].join('\n');
  if (rows.length === 0) return head;
  return `${head}\n${table(run ? ['test metric', 'value'] : ['test metric', 'mean', 'sd'], rows)}`;
}

/** What a run was: data, split, parameters, what computed it and how long. */
function runText({ config, parameters, ...run }: RunRecord): string {
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${String(value)}`);
  const { engine, backend, threads } = run.compute ?? {};
  const seconds = `${run.seconds.train.toFixed(2)} s training, ${run.seconds.evaluate.toFixed(2)} s evaluating`;
  return [
    `${run.name} (${run.id}): ${run.modelTitle} on "${run.datasetName}"`,
    `split       ${run.split ? `${run.split.name} ${run.split.hash}` : (config.split.name ?? 'random')}, seed ${config.split.seed}, candidates ${config.evaluation.candidates}`,
    `parameters  ${pairs.join(', ') || 'none'}, seed ${run.seed}`,
    `compute     ${engine ? `${engine} (${backend}), ${threads} thread${threads === 1 ? '' : 's'}; ${seconds}` : 'not started'}`,
    ...(run.error ? [`error       ${run.error.message} ${run.error.hint}`] : []),
  ].join('\n');
}

function runsText(runs: readonly RunRecord[]): string {
  if (runs.length === 0) return 'No runs yet. Train a first one: train --dataset … --model mf.';
  return table(
    ['id', 'name', 'status', 'data set', 'split', 'epoch', 'target', 'test'],
    runs.map((r) => {
      const target = findMetricKey(Object.keys(r.metrics.test), r.target) ?? r.target;
      return [
        r.id.slice(0, 8),
        r.name,
        r.status,
        r.datasetName,
        r.split?.name ?? '–',
        figure(r.bestEpoch ?? r.epoch),
        target,
        r.metrics.test[target] ?? null,
      ];
    }),
  );
}
