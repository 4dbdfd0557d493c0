/**
 * `npm run package -- --check`: the packages of every system, as folders, around stand-ins for Electron. Says what
 * of a package would not run there, and how large it is. Takes minutes, so it is no part of the tests.
 */
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { readLock } from '../package-lock.ts';
import { output } from '../native/command.ts';
import { root } from '../sources.ts';
import { contentsOf, foreignIn, listOf } from './contents.ts';
import { writeStandIn } from './stand-in.ts';

interface System {
  readonly os: 'linux' | 'darwin' | 'win32';
  readonly arch: 'x64' | 'arm64';
  readonly words: readonly string[];
}

const systems: readonly System[] = [
  { os: 'linux', arch: 'x64', words: ['--linux', 'dir', '--x64'] },
  { os: 'darwin', arch: 'arm64', words: ['--mac', 'dir', '--arm64'] },
  { os: 'darwin', arch: 'x64', words: ['--mac', 'dir', '--x64'] },
  // Its resources are edited by programs of Windows.
  { os: 'win32', arch: 'x64', words: ['--win', 'dir', '--x64', '-c.win.signAndEditExecutable=false'] },
];

/** Bytes of a package without Electron and TensorFlow, at most. */
const most = 80e6;

export async function checkPackages(): Promise<number> {
  const folder = mkdtempSync(join(root, 'dist', 'package-check-'));
  let wrong = 0;
  try {
    for (const system of systems) {
      const problems = await check(system, join(folder, `${system.os}-${system.arch}`));
      console.log(`${system.os} ${system.arch}: ${problems.length === 0 ? 'ok' : problems.join('\n  ')}`);
      wrong += problems.length;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return wrong === 0 ? 0 : 1;
}

async function check({ os, arch, words }: System, folder: string): Promise<string[]> {
  const project = join(folder, 'project');
  const electron = join(folder, 'electron');
  makeProject(project);
  writeStandIn(electron, os, arch);
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const builder = join(root, 'node_modules', 'electron-builder', 'cli.js');
  const settings = [
    `-c.electronDist=${electron}`,
    `-c.electronVersion=${devDependencies.electron}`,
    `-c.directories.output=${join(folder, 'out')}`,
    // Made of icon.png by a program of its own, which comes from elsewhere.
    ...(os === 'darwin' ? ['-c.mac.icon=stand-in.icns'] : []),
    ...(os === 'win32' ? ['-c.win.icon=stand-in.ico'] : []),
  ];
  const all = [builder, '--config', 'electron-builder.yml', '--publish', 'never', ...words, ...settings];
  await output(process.execPath, all, { cwd: project });
  const [unpacked] = readdirSync(join(folder, 'out')).filter((name) => /unpacked|^mac/.test(name));
  const contents = contentsOf(join(folder, 'out', unpacked));
  console.log(listOf(contents));
  const own = [...contents.parts].filter(([name]) => name !== '@tensorflow/tfjs-node');
  const bytes = own.reduce((sum, [, size]) => sum + size, 0);
  return [
    ...foreignIn(contents, os, arch),
    ...[`better-sqlite3/prebuilds/${os}-${arch}.node`]
      .filter((name) => ![...contents.binaries.keys()].some((file) => file.includes(name)))
      .map((name) => `${name} is not in it`),
    ...(bytes > most ? [`${(bytes / 1e6).toFixed(0)} MB are more than ${most / 1e6}`] : []),
  ];
}

/** What a package is made of on any system. */
function makeProject(project: string): void {
  mkdirSync(project, { recursive: true });
  for (const name of ['package.json', 'package-lock.json', 'electron-builder.yml', 'LICENSE'])
    cpSync(join(root, name), join(project, name));
  const resources = 'main/shell/electron/resources';
  cpSync(join(root, resources), join(project, resources), { recursive: true });
  for (const name of ['icns', 'ico'])
    cpSync(join(root, 'LICENSE'), join(project, `${resources}/stand-in.${name}`));
  for (const part of ['main', 'kernels', 'renderer'])
    linkTree(join(root, 'dist', part), join(project, 'dist', part));
  for (const [path, locked] of Object.entries(readLock())) {
    const isPlain = path !== '' && !locked.dev && !locked.os && !locked.cpu;
    if (isPlain && existsSync(join(root, path))) linkTree(join(root, path), join(project, path));
  }
  // What the set-up has put there is for this machine.
  for (const name of ['lib', 'deps'])
    rmSync(join(project, 'node_modules/@tensorflow/tfjs-node', name), { recursive: true, force: true });
}

/** A copy by hard links. */
function linkTree(from: string, to: string): void {
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const source = join(entry.parentPath, entry.name);
    const target = join(to, source.slice(from.length));
    mkdirSync(dirname(target), { recursive: true });
    if (!existsSync(target)) linkSync(source, target);
  }
}
