/**
 * `npm run package`: builds everything, then the installers of this system by electron-builder.yml. What follows `--`
 * is electron-builder's: `npm run package -- --linux dir`. A package carries the native libraries of the machine that
 * made it, so each system's is made on that system.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.ts';
import { thirdPartyNotices } from './notices.ts';
import { root } from './sources.ts';

export async function run(words: readonly string[]): Promise<number> {
  await build(['kernels', 'main', 'preload', 'renderer'], true);
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(join(root, 'dist', 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices());
  const program = join(root, 'node_modules', 'electron-builder', 'cli.js');
  const all = [program, '--config', 'electron-builder.yml', '--publish', 'never', ...words];
  const child = spawn(process.execPath, all, { cwd: root, stdio: 'inherit' });
  return new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
