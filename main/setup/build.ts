/**
 * Builds dist/: kernels, the processes, the preload script, the windows. `npm run build` builds all of it,
 * `npm run build -- --stale` what is older than its sources, `npm run build -- main renderer` these parts.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as viteBuild, type InlineConfig } from 'vite';
import { lastWritten, root } from './sources.ts';

interface Part {
  /** What it is made of; nothing is built where the first is not there. */
  readonly sources: readonly string[];
  build(): Promise<unknown>;
}

const parts: Record<string, Part> = {
  kernels: {
    sources: ['main/kernels/build-kernels.ts', 'main', 'package-lock.json'],
    async build() {
      const { buildKernels } = await import('../kernels/build-kernels.ts');
      await buildKernels();
    },
  },
  main: {
    sources: ['main', 'shared', 'package-lock.json'],
    async build() {
      const result = await vite('main/vite.config.ts');
      removeOldChunks(result);
    },
  },
  preload: {
    sources: ['main/shell/electron/preload.ts', 'shared', 'package-lock.json'],
    build: () => vite('main/vite.preload.config.ts'),
  },
  renderer: {
    sources: ['renderer/index.html', 'renderer', 'shared', 'package-lock.json'],
    build: () => vite('renderer/vite.config.ts'),
  },
};

export async function run(words: readonly string[]): Promise<number> {
  const named = words.filter((word) => !word.startsWith('--'));
  const unknown = named.find((name) => !(name in parts));
  if (unknown) {
    console.error(`No part is called ${unknown}: ${Object.keys(parts).join(', ')}.`);
    return 2;
  }
  try {
    await build(named.length ? named : Object.keys(parts), words.includes('--stale'));
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

/** Builds the parts, or those of them that are older than their sources. Prints one line where it did anything. */
export async function build(names: readonly string[], onlyStale: boolean): Promise<void> {
  const started = performance.now();
  const built: string[] = [];
  for (const name of names) {
    const part = parts[name];
    if (!existsSync(join(root, part.sources[0])) || (onlyStale && isFresh(name))) continue;
    // Sources written while it builds count as changed since.
    const begun = new Date();
    await part.build();
    mkdirSync(join(root, 'dist'), { recursive: true });
    writeFileSync(stampOf(name), '');
    utimesSync(stampOf(name), begun, begun);
    built.push(name);
  }
  if (built.length === 0) return;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`Built ${built.join(', ')} in ${seconds} s.`);
}

function stampOf(name: string): string {
  return join(root, 'dist', `.${name}`);
}

function isFresh(name: string): boolean {
  const stamp = statSync(stampOf(name), { throwIfNoEntry: false });
  return stamp !== undefined && lastWritten(parts[name].sources) < stamp.mtimeMs;
}

/** Warnings are left to `npm run check`: what a person sees of a build is that it was done, or why it was not. */
function vite(configFile: string): Promise<unknown> {
  const config: InlineConfig = { configFile: join(root, configFile), logLevel: 'error' };
  return viteBuild(config);
}

/** Chunk names carry a hash, so those of earlier builds would pile up. */
function removeOldChunks(result: unknown): void {
  const chunks = join(root, 'dist', 'main', 'chunks');
  const outputs = [result].flat().flatMap((one) => (one as { output: { fileName: string }[] }).output);
  const current = new Set(outputs.map(({ fileName }) => fileName));
  if (!existsSync(chunks)) return;
  for (const file of readdirSync(chunks)) {
    if (!current.has(`chunks/${file}`)) rmSync(join(chunks, file), { force: true });
  }
}
