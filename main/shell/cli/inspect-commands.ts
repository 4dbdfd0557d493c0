import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { CompareChoices, type CompareResult } from '../../../shared/compare.ts';
import type { Exposure } from '../../../shared/exposure.ts';
import type { Params, Result } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { writeOutput } from '../../base/output.ts';
import { name as named, safeForSpreadsheets, whole } from './arguments.ts';
import { demo } from './demo.ts';
import { figure, table } from './text.ts';
import type { Host } from './open-host.ts';
import type { Outcome, Run } from './run.ts';

type CompareFlags = Omit<Params<'compare'>, 'runs'>;

interface RecommendFlags {
  readonly run: string;
  readonly user?: string;
  readonly top?: number;
  readonly all?: boolean;
  readonly out?: string;
  readonly safeForSpreadsheets: boolean;
}

/** Long tail, equal chances, exposure; null where the runs do not compare, or are folds. */
async function fairnessOf(
  host: Host,
  asked: Params<'compare'>,
  { comparable, lead, metric }: CompareResult,
): Promise<Exposure | null> {
  if (!comparable || !lead) return null;
  return host.invoke('compare.exposure', { ...asked, metric, lead }).catch((error: unknown) => {
    if (error instanceof WorkbenchError && error.code === 'folds') return null;
    throw error;
  });
}

export function inspectCommands(program: Command, run: Run): void {
  program
    .command('compare <runs...>')
    .description('which run or group of seeds is better, by how much, for whom: ids, names, names of groups')
    .option('--metric <name>', 'one metric; every shared one without it')
    .option('--force', 'compare unlike runs all the same')
    .option(
      '--by-group',
      'each run stands for all that differ from it by seed alone (unasked: those that are named, where others are too)',
    )
    .option('--no-by-group', 'seeds of one configuration each for itself')
    .addOption(
      new Option('--intervals <kind>', 'of the differences: normal, or by bootstrap over users').choices(
        CompareChoices.entries.intervals.wrapped.options,
      ),
    )
    .addOption(
      new Option('--zeros <rule>', "users without a difference in Wilcoxon's test").choices(
        CompareChoices.entries.zeros.wrapped.options,
      ),
    )
    .action(
      run(async (host, [first, ...rest], flags: CompareFlags, all) => {
        const runs = all.length > 0 ? all : [first, ...rest];
        if (runs.length < 2)
          throw new WorkbenchError(
            'runs-needed',
            'A comparison takes two runs or more.',
            'Name another run.',
          );
        const result = await host.invoke('compare', { runs, ...flags });
        if (!result.comparable && !flags.force) {
          const { headline, detail } = result.verdict;
          const hint = 'Choose runs of the same data, split and candidates, or give --force.';
          throw new WorkbenchError('incomparable', `${headline} ${detail}`.trim(), hint, result);
        }
        const fairness = await fairnessOf(host, { runs, ...flags }, result);
        const label = (id: string): string => result.runs.find((r) => r.id === id)?.label ?? id;
        const pairs = table(
          ['metric', 'a', 'b', 'b − a', '95 % from', 'to', 'p (Holm)'],
          result.pairs.map((p) => [
            p.metric,
            label(p.a),
            label(p.b),
            p.difference,
            ...p.interval,
            p.adjusted < 0.001 ? '< .001' : p.adjusted.toFixed(3),
          ]),
        );
        const seeds = result.runs.some((r) => r.seeds.length > 1) ? [seedsText(result), ''] : [];
        const { headline, detail, method } = result.verdict;
        const notes = result.notes.map((note) => `Note: ${note.text}`);
        return {
          json: { ...result, method, fairness },
          text: [headline, detail, method, '', ...seeds, pairs, ...notes].join('\n'),
        };
      }),
    );

  program
    .command('recommend')
    .description('what a run would show a user, or everybody')
    .requiredOption('--run <id>', 'id or name')
    .option('--user <id>', 'one user')
    .option('--top <n>', 'length of the list', whole(1, 10_000))
    .option('--all', 'everybody, into --out')
    .option('--out <file>', 'CSV file for --all')
    .addOption(safeForSpreadsheets())
    .action(
      run(async (host, _, flags: RecommendFlags) => {
        if (flags.all) {
          if (!flags.out)
            throw new WorkbenchError('out-needed', '--all writes a file.', 'Give --out FILE.csv.');
          const path = resolve(flags.out);
          const { run: of, top, safeForSpreadsheets: safe } = flags;
          const { rows, unknown } = await host.invoke('recommend.all', {
            run: of,
            path,
            top,
            safeForSpreadsheets: safe,
          });
          const note =
            unknown > 0
              ? ` The model knows nothing about ${figure(unknown)} users: theirs are the most popular items.`
              : '';
          return { json: { rows, unknown, path }, text: `Wrote ${figure(rows)} rows to ${path}.${note}` };
        }
        if (!flags.user)
          throw new WorkbenchError('user-needed', 'Whom for?', 'Give --user ID, or --all --out FILE.');
        const list = await host.invoke('recommend', { run: flags.run, user: flags.user, top: flags.top });
        const items = table(
          ['rank', 'item', 'title', 'score'],
          list.items.map((i) => [i.rank, i.item, i.title, i.score]),
        );
        const held = list.history.filter(({ part }) => part !== 'train').length;
        const head = `User ${list.user}, ${list.history.length} ratings${held > 0 ? `, ${held} of them held out` : ''}`;
        const note = list.note === null ? '' : `\nNote: ${list.note}`;
        return { json: list, text: `${head}${note}\n${items}` };
      }),
    );

  program
    .command('delete')
    .description('delete a data set or a run')
    .option('--dataset <name>', 'id or name')
    .option('--run <id>', 'id or name')
    .option('--with-runs', "the data set's runs too", false)
    .action(
      run(async (host, _, flags: { dataset?: string; run?: string; withRuns: boolean }) => {
        const { kind, id } = target(flags);
        if (kind === 'dataset') {
          await host.invoke('datasets.delete', { dataset: id, withRuns: flags.withRuns });
          return { json: { deleted: id }, text: `Deleted ${id}.` };
        }
        const { unpinned } = await host.invoke('runs.delete', { runs: [id] });
        const words = unpinned.map(
          ({ name }) => ` "${name}" was a pinned baseline: none is pinned there now.`,
        );
        return { json: { deleted: id, unpinned }, text: `Deleted ${id}.${words.join('')}` };
      }),
    );

  program
    .command('rename')
    .argument('<name>', 'the new name', named)
    .description('rename a data set or a run')
    .option('--dataset <name>', 'id or name')
    .option('--run <id>', 'id or name')
    .action(
      run(async (host, [name], flags: { dataset?: string; run?: string }) => {
        const { kind, id } = target(flags);
        const renamed =
          kind === 'run'
            ? { run: await host.invoke('runs.rename', { run: id, name }) }
            : { dataset: await host.invoke('datasets.rename', { dataset: id, name }) };
        return { json: renamed, text: `Renamed to ${name}.` };
      }),
    );

  program
    .command('doctor')
    .description('versions, what computes and why not better, a measured self-test')
    .option('--self-test <file>', 'try all that this installation is for, and write a report as JSON')
    .action(
      run(async (host, _names, { selfTest }: { selfTest?: string }) => {
        if (selfTest !== undefined) return testInstallation(host, selfTest);
        const report = await host.invoke('engine.doctor', {});
        const compute = table(
          ['compute', 'loads', 'version', 'GFLOP/s', 'detail'],
          report.compute.map((c) => [
            c.engine,
            c.loads ? 'loads' : 'no',
            c.version ?? '–',
            c.gflops,
            c.detail,
          ]),
        );
        const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`);
        const { dataDir, databaseBytes, integrity } = report.storage;
        const storage = `Data folder ${dataDir}, ${figure(databaseBytes)} bytes, integrity ${integrity}`;
        return { json: report, text: [versions.join(', '), compute, storage].join('\n\n') };
      }),
    );

  program
    .command('demo')
    .description('the whole story on the sample: train, compare, look at one user')
    .action(run(async (host) => demo(host)));
}

/** Mean and deviation of the verdict's metric over the seeds of each group. */
function seedsText({ runs, metric }: Result<'compare'>): string {
  return table(
    ['group', 'seeds', metric, 'sd over seeds'],
    runs.map(({ label, seeds, seedless, metrics, deviations }) => [
      label,
      seedless ? 'none' : seeds.join(', '),
      metrics[metric] ?? null,
      deviations[metric] ?? null,
    ]),
  );
}

async function testInstallation(host: Host, file: string): Promise<Outcome> {
  const report = await host.invoke('engine.selfTest', {});
  await writeOutput(file, ({ write }) => write(`${JSON.stringify(report, null, 2)}\n`));
  if (!report.passed) process.exitCode = 1;
  const rows = report.checks.map(({ name, outcome, seconds, detail }) => [name, outcome, seconds, detail]);
  return { json: report, text: table(['check', 'outcome', 'seconds', 'detail'], rows) };
}

function target(flags: { dataset?: string; run?: string }): { kind: 'dataset' | 'run'; id: string } {
  if (flags.run && !flags.dataset) return { kind: 'run', id: flags.run };
  if (flags.dataset && !flags.run) return { kind: 'dataset', id: flags.dataset };
  throw new WorkbenchError('target-needed', 'What is meant?', 'Give one of --dataset NAME and --run ID.');
}
