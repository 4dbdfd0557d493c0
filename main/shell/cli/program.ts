/** The command line: the same engine as the windows, so everything can be scripted and checked from outside. */
import { Command, CommanderError } from 'commander';
import { versions } from '../../base/versions.ts';
import { datasetCommands } from './dataset-commands.ts';
import { goldenCommands } from './golden-commands.ts';
import { importCommands } from './import-commands.ts';
import { inspectCommands } from './inspect-commands.ts';
import { mcpCommand } from './mcp-command.ts';
import { outsideCommands } from './outside-commands.ts';
import { printJson } from './print-answers.ts';
import { queueCommand } from './queue-command.ts';
import { reasonsCommands } from './reasons-commands.ts';
import { reportCommand } from './report-command.ts';
import { run } from './run.ts';
import { runCommands } from './run-commands.ts';
import { serveCommand } from './serve-command.ts';
import { storageCommands } from './storage-commands.ts';
import { sweepCommands } from './sweep-commands.ts';
import { trainCommands } from './train-commands.ts';

/** Runs one command; its exit code is left in `process.exitCode`. @param words what follows the program's name */
export async function runCommand(words: readonly string[]): Promise<void> {
  const program = new Command('workbench')
    .description('Import ratings, train recommender models, compare runs, look at recommendations.')
    .version(versions.app)
    .option('--data-dir <folder>', "data folder (default: the app's own)")
    .option('--json', 'print one JSON value')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();

  importCommands(program, run);
  datasetCommands(program, run);
  trainCommands(program, run);
  sweepCommands(program, run);
  runCommands(program, run);
  queueCommand(program, run);
  inspectCommands(program, run);
  reasonsCommands(program, run);
  goldenCommands(program, run);
  reportCommand(program, run);
  outsideCommands(program, run);
  storageCommands(program, run);
  serveCommand(program);
  mcpCommand(program);

  for (const command of program.commands) command.exitOverride();

  try {
    await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const wrong = error.exitCode !== 0;
    if (wrong && words.includes('--json')) {
      const command = program.commands.find((each) => words.includes(each.name()));
      const hint = `See workbench ${command ? `${command.name()} ` : ''}--help.`;
      const message =
        error.code === 'commander.help' ? 'No command was named.' : error.message.replace(/^error: /, '');
      printJson({ error: { code: 'wrong-use', message, hint } });
    }
    process.exitCode = wrong ? 2 : 0;
  }
}
