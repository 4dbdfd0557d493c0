/**
 * `npm run package`: builds everything, then the installers of this system by electron-builder.yml, and lists what they
 * hold. What follows `--` is electron-builder's: `npm run package -- --linux dir`. A package carries the native libraries
 * of the machine that made it, so each system's is made on that system; `--check` tries the packages of all of them.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.ts';
import { readLock } from './package-lock.ts';
import { checkPackages } from './packaging/check-packages.ts';
import { contentsOf, listOf } from './packaging/contents.ts';
import { root } from './sources.ts';

export async function run(words: readonly string[]): Promise<number> {
  await build(['kernels', 'main', 'preload', 'renderer'], true);
  if (words.includes('--check')) return checkPackages();
  const missing = missingNatives(words);
  if (missing.length > 0) {
    console.error(
      `Not installed here: ${missing.join(', ')}. A package is made on the system that it is for.`,
    );
    return 1;
  }
  const program = join(root, 'node_modules', 'electron-builder', 'cli.js');
  const all = [program, '--config', 'electron-builder.yml', '--publish', 'never', ...words];
  const child = spawn(process.execPath, all, { cwd: root, stdio: 'inherit' });
  const code = await new Promise<number>((resolve) => {
    child.on('error', () => resolve(1));
    child.on('exit', (ended) => resolve(ended ?? 1));
  });
  if (code === 0) printContents();
  return code;
}

/** So that a review sees what has grown. */
function printContents(): void {
  const release = join(root, 'release');
  if (!existsSync(release)) return;
  for (const name of readdirSync(release).filter((each) => /unpacked$|^mac/.test(each))) {
    const list = listOf(contentsOf(join(release, name)));
    writeFileSync(join(release, `${name}.contents.txt`), list);
    console.log(`What ${name} holds:\n${list}`);
  }
}

/** Natives of the system that the words name (`--mac --x64`), or of this one, that are not in node_modules. */
export function missingNatives(words: readonly string[], installed = isInstalled): string[] {
  const named = { '--linux': 'linux', '--mac': 'darwin', '--win': 'win32' } as const;
  const [os = process.platform] = words.flatMap((word) => named[word as keyof typeof named] ?? []);
  const arches = words.filter((word) => word === '--x64' || word === '--arm64').map((word) => word.slice(2));
  const wanted = arches.length === 0 ? [process.arch] : arches;
  return Object.entries(readLock())
    .filter(
      ([, { dev, os: systems, cpu, libc }]) =>
        !dev &&
        systems?.includes(os) &&
        wanted.some((arch) => cpu?.includes(arch)) &&
        (!libc || libc.includes('glibc')),
    )
    .map(([path]) => path)
    .filter((path) => !installed(path));
}

const isInstalled = (path: string): boolean => existsSync(join(root, path));
