/**
 * `npm run package`: builds everything, then the installers of this system by electron-builder.yml, and lists what they
 * hold. What follows `--` is electron-builder's: `npm run package -- --linux dir`. A package carries the TensorFlow of
 * the machine that made it, so each system's is made on that system; `--check` tries the packages of all of them.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.ts';
import { binding } from './native/binding.ts';
import { checkPackages } from './packaging/check-packages.ts';
import { contentsOf, listOf } from './packaging/contents.ts';
import { root } from './sources.ts';

export async function run(words: readonly string[]): Promise<number> {
  await build(['kernels', 'main', 'preload', 'renderer'], true);
  if (words.includes('--check')) return checkPackages();
  const foreign = foreignPackage(words);
  if (foreign !== null) {
    console.error(foreign);
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

/**
 * Why a package for the system that the words name (`--mac --x64`) cannot be made here; null where it can. Natives are in
 * it for every system, but for TensorFlow, which the set-up has put into node_modules for this machine.
 */
export function foreignPackage(
  words: readonly string[],
  hasTensorFlow = existsSync(binding),
  here: { readonly os: string; readonly arch: string } = { os: process.platform, arch: process.arch },
): string | null {
  const named = { '--linux': 'linux', '--mac': 'darwin', '--win': 'win32' } as const;
  const systems = words.flatMap((word) => named[word as keyof typeof named] ?? []);
  const arches = words.filter((word) => word === '--x64' || word === '--arm64').map((word) => word.slice(2));
  const others = [...systems.filter((os) => os !== here.os), ...arches.filter((arch) => arch !== here.arch)];
  if (others.length === 0 || !hasTensorFlow) return null;
  return (
    `node_modules has native TensorFlow for ${here.os} ${here.arch}, which does not run on ${others.join(', ')}. ` +
    'Make the package there, or without it: WORKBENCH_NATIVE=off npm ci.'
  );
}
