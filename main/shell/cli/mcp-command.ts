import type { Command } from 'commander';
import { printError } from './print-answers.ts';

/** `mcp`: runs until its client closes standard input. */
export function mcpCommand(program: Command): void {
  program
    .command('mcp')
    .description(
      'serve the workbench to an assistant: the Model Context Protocol on standard input and output',
    )
    .option('--allow-writes', 'let it import, train, cancel, note, archive and write reports, too')
    .action(async (_options: unknown, command: Command) => {
      const { allowWrites = false, dataDir } = command.optsWithGlobals<{
        allowWrites?: boolean;
        dataDir?: string;
      }>();
      try {
        const { serveMcp } = await import('../mcp/serve.ts');
        await serveMcp({ dataDir, allowWrites });
      } catch (error) {
        process.exitCode = printError(error, false);
      }
    });
}
