import type { Command } from 'commander';
import type { Role } from '../../process/channel.ts';
import { type Host, openHost } from './open-host.ts';
import { printError, printJson } from './print-answers.ts';
import { printable } from './printable.ts';

/** What a command comes to, for programs and for people. */
export interface Outcome {
  readonly json: unknown;
  readonly text: string;
}

/** Wraps a command: opens the engine, prints, closes, sets the exit code. */
export type Run = <Options extends object>(
  command: (host: Host, names: string[], options: Options, list: string[]) => Promise<Outcome>,
  /** The process that the command starts with: it is started while the engine is. */
  needs?: Role,
) => (...parameters: unknown[]) => Promise<void>;

/** Commander hands over the arguments in order, then the options, then the command. */
export const run: Run =
  (command, needs) =>
  async (...parameters) => {
    const self = parameters.at(-1) as Command;
    const options = parameters.at(-2) as Parameters<typeof command>[2];
    const [first] = parameters;
    const names = parameters.slice(0, -2).filter((value) => typeof value === 'string');
    const { dataDir, json } = self.optsWithGlobals<{ dataDir?: string; json?: boolean }>();
    let host: Host | undefined;
    try {
      host = await openHost(dataDir, needs);
      const outcome = await command(host, names, options, Array.isArray(first) ? (first as string[]) : []);
      if (json) printJson(outcome.json);
      else process.stdout.write(`${printable(outcome.text)}\n`);
    } catch (error) {
      process.exitCode = printError(error, json === true);
    } finally {
      await host?.close().catch((error: unknown) => {
        // The answer has been printed already, and stdout must hold one JSON value alone.
        process.exitCode = printError(error, false);
      });
    }
  };
