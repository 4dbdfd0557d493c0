import type { Command } from 'commander';
import { name as named, whole } from './arguments.ts';
import { trainOptions } from './train-options.ts';
import { waitFor } from './print-answers.ts';
import type { Run } from './run.ts';
import { trainedText } from './run-text.ts';
import { runJson, train, type TrainOptions } from './train.ts';

export function trainCommands(program: Command, run: Run): void {
  trainOptions(program.command('train'))
    .description('train a model, evaluate it and store the run')
    .requiredOption('--dataset <name>', 'id or name')
    .option('--name <name>', 'name of the run', named)
    .action(
      run(async (host, _, options: TrainOptions) => {
        const json = await train(host, options);
        return { json, text: trainedText(json) };
      }, 'trainer'),
    );

  program
    .command('continue <run>')
    .description('train a finished run for more epochs, from where it ended, as a new run')
    .option('--epochs <n>', 'so many more; without it as many as it has', whole(1, 10_000))
    .action(
      run(async (host, [parent], { epochs }: { epochs?: number }) => {
        const made = await host.invoke('runs.continue', { run: parent, epochs });
        await waitFor(host, made.id);
        const { run: ended, epochs: curve } = await host.invoke('runs.get', { run: made.id });
        const json = runJson(ended, curve);
        return { json, text: trainedText(json) };
      }),
    );

  program
    .command('resume <id>')
    .description('go on with an interrupted run from its last checkpoint')
    .action(
      run(async (host, [id]) => {
        const resumed = await host.invoke('runs.resume', { run: id });
        await waitFor(host, resumed.id);
        const { run: ended, epochs } = await host.invoke('runs.get', { run: resumed.id });
        const json = runJson(ended, epochs);
        return { json, text: trainedText(json) };
      }, 'trainer'),
    );
}
