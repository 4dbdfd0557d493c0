import type { Command } from 'commander';
import { printError, printJson } from './print-answers.ts';

interface ServeWords {
  readonly port: string;
  readonly open: boolean;
  readonly files?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
}

/** `serve`: runs until it is asked to end; with --json its address is the one value on stdout. */
export function serveCommand(program: Command): void {
  program
    .command('serve')
    .description('open the workbench in a browser')
    .option('--port <n>', 'port on loopback; 0 takes any free one', '0')
    .option('--no-open', 'print the address, open no window')
    .option('--files <folder>', 'let windows read files of this folder alone, beside uploads')
    .action(async (_options: unknown, command: Command) => {
      const { port, open, files, dataDir, json } = command.optsWithGlobals<ServeWords>();
      const announce = json ? { announce: (url: string) => printJson({ url }) } : {};
      try {
        const { serve } = await import('../browser/serve.ts');
        process.exitCode = await serve({ port: Number(port), open, files, dataDir, ...announce });
      } catch (error) {
        process.exitCode = printError(error, json === true);
      }
    });
}
