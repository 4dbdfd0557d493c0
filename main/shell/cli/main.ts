/** Entry of the command line. */
import { outliveReaders } from '../../process/closed-outputs.ts';
import { giveUp } from './print-answers.ts';
import { runCommand } from './program.ts';

outliveReaders();
for (const fault of ['uncaughtException', 'unhandledRejection'] as const) process.on(fault, giveUp);

await runCommand(process.argv.slice(2));
