import type { Command } from 'commander';
import { addition, type Addition } from './addition.ts';
import { name as named, whole } from './arguments.ts';
import type { Run } from './run.ts';
import { table } from './text.ts';

interface AddFlags {
  readonly dataset: string;
  readonly name: string;
  readonly user?: string;
  readonly add: readonly Addition[];
  readonly expect: readonly string[];
  readonly forbid: readonly string[];
  readonly top?: number;
}

/** People whose lists say whether a run is fit: what they must be shown, and what never. */
export function goldenCommands(program: Command, run: Run): void {
  const golden = program
    .command('golden')
    .description('golden users: what their lists must hold, or must not; checked on every new run');

  golden
    .command('add')
    .description('a golden user: somebody of the data, or somebody with a history of your own')
    .requiredOption('--dataset <name>', 'id or name')
    .requiredOption('--name <name>', 'what to call them', named)
    .option('--user <id>', 'a user of the data')
    .option('--add <item[=rating]>', 'an item of the history of somebody imagined', addition, [])
    .option(
      '--expect <items>',
      'items that must be in the list, or genre:NAME; commas between them',
      words,
      [],
    )
    .option('--forbid <items>', 'items that must not be in it, or genre:NAME', words, [])
    .option('--top <n>', 'length of the list', whole(1, 1000))
    .action(
      run(async (host, _, { add, expect, forbid, ...flags }: AddFlags) => {
        const added = await host.invoke('golden.add', {
          ...flags,
          history: add.length > 0 ? [...add] : null,
          expect: [...expect],
          forbid: [...forbid],
        });
        return { json: { golden: [added] }, text: `Every new run is checked against ${added.name}.` };
      }),
    );

  golden
    .command('list')
    .description('the golden users')
    .option('--dataset <name>', 'of one data set: id or name')
    .action(
      run(async (host, _, { dataset = null }: { dataset?: string | null }) => {
        const all = await host.invoke('golden.list', { dataset });
        const rows = all.map((one) => [
          one.name,
          one.datasetName,
          one.user ?? `${one.history?.length ?? 0} items`,
          one.expect.join(', '),
          one.forbid.join(', '),
          one.top,
        ]);
        const text =
          rows.length > 0
            ? table(['name', 'data set', 'user', 'expected', 'forbidden', 'top'], rows)
            : 'No golden users yet: golden add makes one.';
        return { json: { golden: all }, text };
      }),
    );

  golden
    .command('check')
    .description('what a run gives the golden users of its data set')
    .requiredOption('--run <id>', 'id or name')
    .action(
      run(async (host, _, flags: { run: string }) => {
        const check = await host.invoke('golden.check', flags);
        const rows = check.results.map(({ name, pass, missing, unwanted, note }) => [
          name,
          pass === null ? 'not checked' : pass ? 'pass' : 'fail',
          missing.join(', '),
          unwanted.join(', '),
          note,
        ]);
        const list = table(['name', 'result', 'missing', 'unwanted', ''], rows);
        return { json: check, text: `${check.passed} pass, ${check.failed} fail\n${list}` };
      }),
    );

  golden
    .command('remove')
    .argument('<name>', 'of the golden user')
    .description('forget a golden user')
    .option('--dataset <name>', 'id or name, where several data sets have one of the name')
    .action(
      run(async (host, [name], { dataset = null }: { dataset?: string | null }) => {
        const all = await host.invoke('golden.list', { dataset });
        const found = all.find((one) => one.id === name || one.name === name);
        await host.invoke('golden.remove', { golden: found?.id ?? name });
        return { json: { removed: found?.name ?? name }, text: `Removed ${name}.` };
      }),
    );
}

/** Items between commas; said several times, they add up. */
function words(text: string, all: string[]): string[] {
  const items = text.split(',').map((word) => word.trim());
  return [...all, ...items.filter((word) => word !== '')];
}
