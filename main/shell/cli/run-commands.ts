import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type ExportKind, exportKinds } from '../../../shared/runs.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { safeForSpreadsheets } from './arguments.ts';
import type { Run } from './run.ts';
import { runsText, runText, trainedText } from './run-text.ts';
import { runJson } from './train.ts';

type ExportFlags = Partial<Record<ExportKind, string>> & { safeForSpreadsheets: boolean; weights?: string };

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
            ...model.parameters.map(({ name, default: usual, auto, effect }) => {
              const rule = auto === undefined ? '' : ` (${auto})`;
              return `  ${name} = ${String(usual)}${rule}: ${effect}`;
            }),
            ...model.presets.map((preset) => `  preset ${preset.name}: ${preset.title}`),
          ].join('\n'),
        );
        return { json: { models }, text: text.join('\n\n') };
      }),
    );

  program
    .command('runs')
    .description('list runs')
    .option('--dataset <name>', 'of one data set')
    .option('--archived', 'archived ones too', false)
    .option('--trash', 'those in the trash alone', false)
    .action(
      run(async (host, _, { trash, ...flags }: { dataset?: string; archived: boolean; trash: boolean }) => {
        const all = await host.invoke('runs.list', { ...flags, archived: flags.archived || trash });
        const runs = all.filter(({ trashed }) => trashed === trash);
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
    .command('pin <run>')
    .description('make a run the baseline of its data set and split, with its seeds')
    .option('--unpin', 'no baseline there any more')
    .action(
      run(async (host, [id], { unpin }: { unpin?: boolean }) => {
        const { pinned } = await host.invoke('runs.pin', { run: id, pinned: unpin !== true });
        const text =
          pinned === null
            ? `Unpinned ${id}: its data set and split have no baseline now.`
            : `Pinned ${id}: runs of its data set and split are set against it.`;
        return { json: { pinned }, text };
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
    .option('--weights <folder>', 'of TensorFlow.js (model.json, weights.bin), NumPy (.npy) and CSV')
    .addOption(safeForSpreadsheets())
    .action(
      run(async (host, [id], { safeForSpreadsheets: safe, weights, ...flags }: ExportFlags) => {
        const asked = exportKinds.flatMap((kind) =>
          flags[kind] === undefined ? [] : [[kind, resolve(flags[kind])]],
        );
        if (asked.length === 0 && weights === undefined)
          throw new WorkbenchError(
            'files-needed',
            'No file was named to write.',
            'Name one or more, e.g. --lists lists.csv; see workbench export-run --help.',
          );
        const absolute = Object.fromEntries(asked) as typeof flags;
        const files =
          asked.length === 0
            ? { written: [] }
            : await host.invoke('runs.export', { run: id, files: absolute, safeForSpreadsheets: safe });
        const folder =
          weights === undefined
            ? { written: [] }
            : await host.invoke('runs.exportWeights', { run: id, path: resolve(weights) });
        const written = { written: [...files.written, ...folder.written] };
        return { json: written, text: written.written.map((file) => `Wrote ${file}.`).join('\n') };
      }),
    );
}
