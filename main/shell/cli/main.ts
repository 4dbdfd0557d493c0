/** The command line: the same engine as the windows, so everything can be scripted and checked from outside. */
import { Command, CommanderError } from 'commander';
import { versions } from '../../versions.ts';
import { datasetCommands } from './dataset-commands.ts';
import { inspectCommands } from './inspect-commands.ts';
import { printJson } from './output.ts';
import { run } from './run.ts';
import { runCommands } from './run-commands.ts';
import { serveCommand } from './serve-command.ts';

const program = new Command('workbench')
  .description('Import ratings, train recommender models, compare runs, look at recommendations.')
  .version(versions.app)
  .configureHelp({ showGlobalOptions: true })
  .exitOverride();

datasetCommands(program, run);
runCommands(program, run);
inspectCommands(program, run);
serveCommand(program);

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
