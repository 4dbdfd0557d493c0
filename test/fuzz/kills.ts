/**
 * kill -9 at any moment of anything: afterwards the next engine opens the folder, and everything that was acknowledged
 * is there and readable. Each round does one thing in a process of its own and kills one of those that take part in it.
 */
import { fork } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { followMoves } from '../../main/base/moved-folder.ts';
import { createEngine, type Engine } from '../../main/engine/engine.ts';
import { nodeForker } from '../../main/process/node-forker.ts';
import { checkpointFile, readCheckpoint } from '../../main/store/checkpoints.ts';
import { openDatabase } from '../../main/store/database.ts';
import { writeRatings } from '../fixtures/ratings-file.ts';
import { childrenOf, startWorkbench } from '../fixtures/workbench.ts';
import { openWindow, serveBuilt } from '../integration/shell/serve.ts';
import { Chance } from './random.ts';
import { untilNothingRuns } from './vitals.ts';

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
const base = 'Sample (synthetic)';
const actions = [
  'train',
  'resume',
  'import',
  'derive',
  'delete',
  'backup',
  'restore',
  'move',
  'compact',
  'export',
  'window',
  'migrate',
] as const;
type Action = (typeof actions)[number];

/** What a command or a window was told is done. */
interface Acknowledged {
  readonly datasets: Map<string, number>;
  readonly runs: Map<string, string>;
}

interface Place {
  readonly dir: string;
  readonly file: string;
  readonly said: Acknowledged;
}

/** The command of an action; null where it is none. */
function wordsOf(action: Action, round: number, chance: Chance, place: Place): string[] | null {
  const { dir, file, said } = place;
  const model = chance.pick([
    ['--model', 'mf', '--set', `epochs=${1 + chance.below(60)}`, '--set', 'patience=0'],
    ['--model', 'popularity'],
    ['--model', 'bpr', '--set', `epochs=${1 + chance.below(20)}`],
  ]);
  switch (action) {
    case 'train':
      return ['train', '--dataset', base, ...model, '--name', `run ${round}`];
    case 'resume': {
      return ['resume', `run ${chance.below(round + 1)}`];
    }
    case 'import':
      return ['import', file, '--name', `import ${round}`];
    case 'derive':
      return ['derive', base, '--name', `derived ${round}`, '--min-rating', '3'];
    case 'delete': {
      const names = [...said.datasets.keys()].filter((name) => name !== base && name !== 'kept');
      return names.length > 0 ? ['delete', chance.pick(names)] : ['datasets'];
    }
    case 'backup':
      return ['backup', join(dir, '..', 'backup.db')];
    // What is restored is what is there: done or not, nothing may be missing.
    case 'restore':
      return ['restore', join(dir, '..', 'now.db')];
    case 'move':
      return ['move', '--to', join(dir, '..', `place ${round}`)];
    case 'compact':
      return ['compact'];
    case 'export':
      return ['export', base, '--out', join(dir, '..', 'export.csv')];
    default:
      return null;
  }
}

/** Notes what the command said is done. */
function note(words: readonly string[], output: unknown, said: Acknowledged): void {
  const { dataset, run } = output as {
    dataset?: { name: string; ratings: number };
    run?: { id: string; status: string };
  };
  if (['import', 'derive'].includes(words[0]) && dataset) said.datasets.set(dataset.name, dataset.ratings);
  if (run?.status === 'finished')
    said.runs.set(run.id, JSON.stringify((output as { metrics: unknown }).metrics));
}

async function commandRound(words: string[], chance: Chance, { dir, said }: Place): Promise<boolean> {
  // Whether a deletion that was killed was done, nobody knows before looking.
  if (words[0] === 'delete') said.datasets.delete(words[1]);
  if (words[0] === 'restore') await startWorkbench(dir, 'backup', words[1]).ended;
  const command = startWorkbench(dir, ...words);
  const early = await Promise.race([
    command.ended,
    pause(200 + chance.below(chance.pick([500, 1500, 5000]))).then(() => null),
  ]);
  const pid = command.process.pid ?? 0;
  if (!early) {
    const [child] = [...childrenOf(pid, 'trainer'), ...childrenOf(pid, 'importer')];
    process.kill(child && chance.percent(50) ? child : pid, 'SIGKILL');
  }
  const { code, output } = await command.ended;
  if (code === 0) note(words, output, said);
  return !early;
}

/** A window's work: the shell, its engine, or what the engine forked is killed. */
async function windowRound(round: number, chance: Chance, { dir, file }: Place): Promise<boolean> {
  const served = await serveBuilt(dir);
  const window = await openWindow(served.url);
  const lost = (): null => null;
  void window.invoke('import.start', { path: file, name: `window ${round}`, settings: {} }).catch(lost);
  const configs = [{ model: 'mf', parameters: { epochs: 50, patience: 0 } }];
  void window.invoke('runs.start', { dataset: base, configs, name: `window ${round}` }).catch(lost);
  await pause(chance.below(1000));
  const shell = served.process.pid ?? 0;
  const engines = childrenOf(shell, 'engine');
  const others = engines.flatMap((pid) => [...childrenOf(pid, 'trainer'), ...childrenOf(pid, 'importer')]);
  const victim = chance.pick([shell, ...engines, ...others]);
  process.kill(victim, 'SIGKILL');
  await pause(chance.below(300));
  served.process.kill('SIGKILL');
  await served.ended;
  window.close();
  return true;
}

/** A long migration of a copy, killed in its midst; then it is done by who comes next. */
async function migrationRound(chance: Chance, { dir }: Place): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-migrate-'));
  const copy = join(folder, 'workbench.db');
  copyFileSync(join(followMoves(dir), 'workbench.db'), copy);
  const script = fileURLToPath(new URL('../fixtures/children/migrate.ts', import.meta.url));
  const child = fork(script, [copy], { stdio: 'ignore', execArgv: [] });
  // Heard from the start: a quick machine may be done before the kill.
  const ended = new Promise((resolve) => child.on('exit', resolve));
  await pause(50 + chance.below(500));
  child.kill('SIGKILL');
  await ended;
  const { longMigration } = await import('../fixtures/migration.ts');
  const database = openDatabase(copy, longMigration);
  const original = openDatabase(join(followMoves(dir), 'workbench.db'));
  const count = (from: typeof database): unknown => from.prepare('SELECT count(*) AS n FROM users').get();
  const same = JSON.stringify(count(database)) === JSON.stringify(count(original));
  const whole = database.pragma('integrity_check', { simple: true });
  database.close();
  original.close();
  rmSync(folder, { recursive: true, force: true });
  if (!same || whole !== 'ok') throw new Error('a migration that was killed lost something');
  return true;
}

/** Opens the folder as the next engine does. @throws where anything that must hold does not */
async function check({ dir, said }: Place): Promise<void> {
  await untilNothingRuns(dir);
  let engine: Engine | null = null;
  try {
    engine = await createEngine({ dataDir: dir, forker: nodeForker() });
    const datasets = await engine.invoke('datasets.list', { archived: true });
    for (const [name, ratings] of said.datasets) {
      const found = datasets.find((dataset) => dataset.name === name);
      if (found?.ratings !== ratings)
        throw new Error(`"${name}" had ${ratings} ratings and has ${found?.ratings}`);
    }
    for (const { id, name, ratings } of datasets) {
      const { accounting } = await engine.invoke('datasets.get', { dataset: id });
      const { read, imported, rejected, duplicates, filtered } = accounting;
      if (read !== imported + rejected + duplicates + filtered || imported !== ratings)
        throw new Error(`the account of "${name}" does not add up: ${JSON.stringify(accounting)}`);
    }
    const runs = await engine.invoke('runs.list', { archived: true });
    for (const [id, metrics] of said.runs) {
      const run = runs.find((each) => each.id === id);
      if (run?.status !== 'finished' || JSON.stringify(run.metrics) !== metrics)
        throw new Error(`run ${id} was finished and is ${run?.status}`);
    }
    for (const run of runs) {
      const { epochs } = await engine.invoke('runs.get', { run: run.id });
      if (epochs.some(({ epoch }, k) => epoch !== k + 1))
        throw new Error(`the curve of run ${run.id} has gaps: ${epochs.map(({ epoch }) => epoch).join(' ')}`);
      if (run.status === 'running') throw new Error(`run ${run.id} runs nowhere`);
      if (run.status === 'interrupted') expectCheckpoint(dir, run.id, epochs.length);
    }
    const { storage } = await engine.invoke('engine.doctor', { selfTest: false });
    if (storage.integrity !== 'ok') throw new Error(`integrity: ${storage.integrity}`);
  } finally {
    await engine?.close();
  }
}

/** An interrupted run goes on from where its curve ends. */
function expectCheckpoint(dir: string, run: string, epochs: number): void {
  const file = checkpointFile(join(followMoves(dir), 'workbench.db'), run);
  if (!existsSync(file)) return;
  const meta = readCheckpoint(file)?.meta;
  if (!meta) throw new Error(`the checkpoint of run ${run} is not readable`);
  const { epochs: held } = JSON.parse(new TextDecoder().decode(meta)) as { epochs: unknown[] };
  if (held.length > epochs)
    throw new Error(`run ${run}: ${held.length} epochs in the checkpoint, ${epochs} in the curve`);
}

/** So many kills, each followed by the check. @throws naming the seed and the round that lost something */
export async function fuzzKills(seed: number, count: number, dataDir: string): Promise<string> {
  const chance = new Chance(seed);
  const place: Place = {
    dir: join(dataDir, 'data'),
    file: join(dataDir, 'ratings.csv'),
    said: { datasets: new Map(), runs: new Map() },
  };
  mkdirSync(place.dir, { recursive: true });
  writeRatings(place.file, 60_000, 2000, 900);
  await startWorkbench(place.dir, 'sample').ended;
  place.said.datasets.set(base, await ratingsOf(place.dir));
  // Something to lose from the first kill on.
  for (const words of [
    ['import', place.file, '--name', 'kept'],
    ['train', '--dataset', base, '--model', 'bias'],
  ]) {
    const { output } = await startWorkbench(place.dir, ...words).ended;
    note(words, output, place.said);
  }
  const { datasets, runs } = place.said;
  if (datasets.size !== 2 || runs.size !== 1) throw new Error('the folder could not be made ready');
  const killed = new Map<Action, number>();
  for (let round = 0; sum(killed) < count; round++) {
    const action = actions[round % actions.length];
    try {
      const words = wordsOf(action, round, chance, place);
      const hit = words
        ? await commandRound(words, chance, place)
        : action === 'window'
          ? await windowRound(round, chance, place)
          : await migrationRound(chance, place);
      if (hit) killed.set(action, (killed.get(action) ?? 0) + 1);
      if (hit) await check(place);
    } catch (error) {
      throw new Error(`seed ${seed}, round ${round} (${action}): ${String(error)}`, { cause: error });
    }
  }
  return `${sum(killed)} kills: ${JSON.stringify(Object.fromEntries(killed))}; ${datasets.size} data sets and ${runs.size} runs acknowledged, all there`;
}

const sum = (counts: Map<Action, number>): number => [...counts.values()].reduce((a, b) => a + b, 0);

async function ratingsOf(dir: string): Promise<number> {
  const engine = await createEngine({ dataDir: dir, forker: nodeForker() });
  const [{ ratings }] = await engine.invoke('datasets.list', {});
  await engine.close();
  return ratings;
}
