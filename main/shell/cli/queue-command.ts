import { type Command, InvalidArgumentError } from 'commander';
import type { QueueState } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { whole } from './arguments.ts';
import type { Run } from './run.ts';
import { figure, table } from './text.ts';

interface QueueOptions {
  parallel?: number;
  pause?: boolean;
  resume?: boolean;
  move?: string;
  to?: 'first' | 'last' | number;
}

/** `queue`: what runs and waits, how many at once, in which order. */
export function queueCommand(program: Command, run: Run): void {
  program
    .command('queue')
    .description('what runs and what waits; how many at once, and in which order')
    .option('--parallel <n>', 'runs at once (half as many as there are cores unless told)', whole(1, 64))
    .option('--pause', 'begin no more runs; what runs goes on')
    .option('--resume', 'begin runs again')
    .option('--move <run>', 'a waiting run to another place: with --to')
    .option('--to <place>', 'first, last, or a place from 1', place)
    .action(
      run(async (host, _, { parallel, pause, resume, move, to }: QueueOptions) => {
        if (pause && resume)
          throw new WorkbenchError(
            'wrong-use',
            '--pause and --resume exclude each other.',
            'Give one of them.',
          );
        if ((move === undefined) !== (to === undefined))
          throw new WorkbenchError(
            'wrong-use',
            '--move and --to belong together.',
            'For example: queue --move BPR --to first.',
          );
        if (move !== undefined && to !== undefined) await host.invoke('queue.move', { run: move, to });
        const changes = {
          ...(parallel !== undefined && { parallel }),
          ...((pause || resume) && { paused: pause === true }),
        };
        const state = await (Object.keys(changes).length > 0
          ? host.invoke('queue.set', changes)
          : host.invoke('queue.get', {}));
        return { json: state, text: queueText(state) };
      }),
    );
}

function place(text: string): 'first' | 'last' | number {
  if (text === 'first' || text === 'last') return text;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is first, last, or a place from 1.');
}

function queueText({ parallel, paused, held, sharing, running, queued }: QueueState): string {
  const head = `${parallel} ${parallel === 1 ? 'run' : 'runs'} at once${paused ? ', paused' : ''}.`;
  const rows = [...running, ...queued].map((run, k) => [
    k < running.length ? 'running' : figure(k - running.length + 1),
    run.name,
    run.datasetName,
    run.seconds === null ? null : Math.ceil(run.seconds),
    run.memoryMb === null ? null : Math.round(run.memoryMb),
    run.waitsFor ? `waits for ${run.waitsFor}` : '',
  ]);
  const list =
    rows.length === 0
      ? 'Nothing runs or waits.'
      : table(['place', 'run', 'data set', 'predicted s', 'predicted MB', ''], rows);
  return [head, ...(held ? [held] : []), ...(sharing ? [sharing] : []), list].join('\n');
}
