/** The command line: the same engine as the windows, so everything can be scripted and checked from outside. */
import { Command, CommanderError } from 'commander';
import { versions } from '../../versions.ts';
import { datasetCommands } from './dataset-commands.ts';
import { inspectCommands } from './inspect-commands.ts';
import { printJson } from './output.ts';
import { run } from './run.ts';
import { runCommands } from './run-commands.ts';

const program = new Command('workbench')
  .description('Import ratings, train recommender models, compare runs, look at recommendations.')
  .version(versions.app)
  .configureHelp({ showGlobalOptions: true })
  .exitOverride();

datasetCommands(program, run);
runCommands(program, run);
inspectCommands(program, run);
program
  .command('serve')
  .description('open the workbench in a browser')
  .option('--port <n>', 'port on loopback; 0 takes any free one', '0')
  .option('--no-open', 'print the address, open no window')
  .action(async (options: { port: string; open: boolean }, command: Command) => {
    const { dataDir } = command.optsWithGlobals<{ dataDir?: string }>();
    const { serve } = await import('../browser/serve.ts');
    process.exitCode = await serve({
      port: Number(options.port),
      open: options.open,
      ...(dataDir === undefined ? {} : { dataDir }),
      announce: (url, opened) =>
        process.stdout.write(`${opened ? 'Opened a window; also' : 'Recommender Workbench is'} at ${url}\n`),
    });
  });

for (const command of program.commands) {
  command
    .option('--data-dir <folder>', "data folder (default: the app's own)")
    .option('--json', 'print one JSON value')
    .exitOverride();
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  const wrong = error.exitCode !== 0;
  if (wrong && process.argv.includes('--json')) {
    const hint = `See workbench ${process.argv[2] ?? ''} --help.`;
    printJson({ error: { code: 'wrong-use', message: error.message.replace(/^error: /, ''), hint } });
  }
  process.exitCode = wrong ? 2 : 0;
}
