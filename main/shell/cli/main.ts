/** Entry of the command line. */
import { cacheCompiledCode } from '../../base/compile-cache.ts';
import { outliveReaders } from '../../process/closed-outputs.ts';

cacheCompiledCode();
outliveReaders();
const [{ giveUp }, { runCommand }] = await Promise.all([
  import('./print-answers.ts'),
  import('./program.ts'),
]);
for (const fault of ['uncaughtException', 'unhandledRejection'] as const) process.on(fault, giveUp);

await runCommand(process.argv.slice(2));
