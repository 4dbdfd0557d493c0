import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { output } from './native/command.ts';
import { root } from './sources.ts';

const folder = join(root, 'node_modules', 'electron');

/** Electron's program, as its package finds it; null where it was not downloaded. */
export function electronBinary(env = process.env, packageFolder = folder): string | null {
  const pathFile = join(packageFolder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : null;
  const override = env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) return existing(join(override, name ?? defaultName()));
  return name === null ? null : existing(join(packageFolder, 'dist', name));
}

function existing(path: string): string | null {
  return existsSync(path) ? path : null;
}

function defaultName(): string {
  if (process.platform === 'darwin') return join('Electron.app', 'Contents', 'MacOS', 'Electron');
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

/** Downloads the program, which npm leaves to its first use. @throws with the reason */
export async function downloadElectron(): Promise<string> {
  if (!existsSync(folder)) throw new Error('Electron is not installed');
  const { ELECTRON_MIRROR, npm_config_electron_mirror: npmMirror } = process.env;
  if (!(ELECTRON_MIRROR ?? npmMirror)) {
    const ask = `fetch('https://github.com/electron/electron/releases', { method: 'HEAD', signal: AbortSignal.timeout(5000) })
      .then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))`;
    await output(process.execPath, ['--use-env-proxy', '-e', ask], { within: 7_000 }).catch(() => {
      throw new Error('its program is not there, and github.com, which has it, is not reachable');
    });
  }
  console.log('Downloading Electron (once, about 110 MB) …');
  await install();
  const binary = electronBinary();
  if (!binary) throw new Error('its download came to nothing');
  return binary;
}

/** Its installer, through the proxy that the environment names, as the question before; its progress is for the person. */
function install(): Promise<void> {
  const words = ['--use-env-proxy', join(folder, 'install.js')];
  const child = spawn(process.execPath, words, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error('its download failed, as said above'));
    });
  });
}
