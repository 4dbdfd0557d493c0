/** `npm run check`: format, lint, layers, types, dead code, lock file. Says each tool's words only where it fails. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { lockProblems } from './package-lock.ts';
import { root } from './sources.ts';

interface Check {
  readonly name: string;
  /** What is wrong; empty where nothing is. */
  readonly run: () => Promise<string>;
}

const checks: readonly Check[] = [
  { name: 'lint', run: () => tool('eslint', ['.', '--max-warnings', '0']) },
  {
    name: 'layers',
    run: () => tool('depcruise', ['main', 'renderer', 'shared', '--config', 'main/setup/layers.ts']),
  },
  { name: 'types', run: () => svelteCheck(root) },
  { name: 'types canary', run: canary },
  { name: 'format', run: () => tool('prettier', ['--check', '.', '--log-level', 'warn']) },
  { name: 'dead code', run: () => tool('knip', ['--no-progress']) },
  { name: 'lock file', run: () => Promise.resolve(lockProblems().join('\n')) },
];

/** @param words names of checks; all of them where none is given */
export async function run(words: readonly string[]): Promise<number> {
  const waiting = checks.filter(({ name }) => words.length === 0 || words.includes(name.split(' ')[0]));
  let failed = 0;
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const started = performance.now();
      const problems = await check.run();
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${problems === '' ? 'ok    ' : 'FAILED'} ${check.name} (${seconds} s)`);
      if (problems === '') continue;
      console.log(problems.trimEnd());
      failed++;
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 3) }, work));
  return failed === 0 ? 0 : 1;
}

function svelteCheck(workspace: string): Promise<string> {
  const tsconfig = join(workspace, 'tsconfig.json');
  const words = ['--workspace', workspace, '--tsconfig', tsconfig, '--fail-on-warnings', '--output', 'human'];
  return tool('svelte-check', words);
}

/** A check that cannot fail proves nothing: a wrong component and a wrong module must be found. */
async function canary(): Promise<string> {
  const folder = join(root, 'dist', 'canary');
  mkdirSync(folder, { recursive: true });
  const config = { extends: '../../tsconfig.json', include: ['*'], exclude: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'module.ts'), `export const wrong: number = 'text';\n`);
  const script = `<script lang="ts">\n  const { count }: { count: number } = $props();\n</script>\n`;
  writeFileSync(join(folder, 'component.svelte'), `${script}\n{count.toUpperCase()}\n`);
  try {
    const found = await svelteCheck(folder);
    const missed = ['module.ts', 'component.svelte'].filter((name) => !found.includes(name));
    return missed.length ? `svelte-check did not find the error in ${missed.join(', ')}:\n${found}` : '';
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A program of node_modules/.bin; its words where it fails. */
function tool(name: string, words: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const file = join(root, 'node_modules', '.bin', name);
    const shell = process.platform === 'win32';
    const child = spawn(shell ? `"${file}.cmd"` : file, words, {
      cwd: root,
      shell,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stdout.on('data', (data: Buffer) => (said += data.toString()));
    child.stderr.on('data', (data: Buffer) => (said += data.toString()));
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? '' : said || `${name} ended with ${code}`));
  });
}
