import type { Command } from 'commander';
import { WorkbenchError } from '../../base/errors.ts';
import { addition, type Addition } from './addition.ts';
import { whole } from './arguments.ts';
import type { Run } from './run.ts';
import { table } from './text.ts';

interface WhatIfFlags {
  readonly run: string;
  readonly user?: string;
  readonly add: readonly Addition[];
  readonly remove: readonly string[];
  readonly top?: number;
}

/** Why somebody is shown what they are shown, and what would be otherwise. */
export function reasonsCommands(program: Command, run: Run): void {
  program
    .command('explain')
    .description('why a run shows a user an item, in terms of what the user has')
    .requiredOption('--run <id>', 'id or name')
    .requiredOption('--user <id>', 'id of the user')
    .requiredOption('--item <id>', 'id of the item')
    .action(
      run(async (host, _, flags: { run: string; user: string; item: string }) => {
        const reasons = await host.invoke('inspect.reasons', flags);
        const parts = table(
          ['item', 'title', 'contribution', 'rank without'],
          reasons.contributions.map((one) => [one.item, one.title, one.contribution, one.rankWithout]),
        );
        return { json: reasons, text: `${reasons.summary}\n${reasons.how}\n\n${parts}` };
      }),
    );

  program
    .command('what-if')
    .description('what a run would show somebody with another history')
    .requiredOption('--run <id>', 'id or name')
    .option('--user <id>', 'whose history is changed; left out: somebody with nothing yet')
    .option('--add <item[=rating]>', 'an item more, or rated anew', addition, [])
    .option('--remove <item>', 'an item less', (item: string, all: string[]) => [...all, item], [])
    .option('--top <n>', 'length of the list', whole(1, 10_000))
    .action(
      run(async (host, _, { user: named, ...flags }: WhatIfFlags) => {
        const user = named ?? null;
        if (user === null && flags.add.length === 0)
          throw new WorkbenchError(
            'user-needed',
            'Somebody with no history is shown nothing of their own.',
            'Give --user ID, or --add an item or more.',
          );
        const result = await host.invoke('inspect.whatIf', {
          ...flags,
          user,
          add: [...flags.add],
          remove: [...flags.remove],
        });
        const items = table(
          ['rank', 'was', 'item', 'title', 'score'],
          result.items.map((one) => [one.rank, one.was, one.item, one.title, one.score]),
        );
        return { json: result, text: `${items}\n${result.how}` };
      }),
    );

  program
    .command('neighbours')
    .description('items that a run takes for alike')
    .requiredOption('--run <id>', 'id or name')
    .requiredOption('--item <id>', 'id of the item')
    .option('--top <n>', 'how many', whole(1, 1000))
    .action(
      run(async (host, _, flags: { run: string; item: string; top?: number }) => {
        const result = await host.invoke('inspect.neighbours', flags);
        const rows = result.neighbours.map((one) => [one.item, one.title, one.similarity]);
        return { json: result, text: table(['item', 'title', 'similarity'], rows) };
      }),
    );
}
