/**
 * Native TensorFlow where the package's own download host is not reachable but a Python package index is: the C library
 * and its headers are inside the `tensorflow-cpu` wheel, and g++ compiles the binding against the headers of the npm
 * package `node-api-headers`. pip only downloads, so any pip will do and no Python package is installed.
 */
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { root } from '../sources.ts';
import { output } from './command.ts';
import { binding, packageFolder } from './binding.ts';

/** tfjs-node 4.22 was written for 2.9; the C API that it uses is the same, and a conformance test says so. */
const version = '2.15.1';

const libraries = new Set(['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2']);
const headers = ['tensorflow/c/', 'tensorflow/core/platform/', 'tensorflow/tsl/', 'tsl/'].map(
  (folder) => `tensorflow/include/${folder}`,
);

/** Throws with the reason. */
export async function installFromWheel(): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('the wheel is for Linux x64');
  const nodeApi = join(root, 'node_modules', 'node-api-headers', 'include');
  if (!existsSync(join(nodeApi, 'node_api.h'))) throw new Error('node-api-headers is not installed');
  await output('g++', ['--version']);
  const folder = await mkdtemp(join(packageFolder, 'wheel-'));
  try {
    await unpackWheel(await downloadWheel(folder));
    await compileBinding(nodeApi);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function downloadWheel(folder: string): Promise<string> {
  const words = [
    ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--dest', folder],
    ['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311'],
    [
      '--platform',
      'manylinux_2_17_x86_64',
      '--platform',
      'manylinux2014_x86_64',
      `tensorflow-cpu==${version}`,
    ],
  ].flat();
  await output('python3', words);
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (!wheel) throw new Error('pip fetched no wheel');
  return join(folder, wheel);
}

async function unpackWheel(path: string): Promise<void> {
  const wheel = await openPromise(path);
  for await (const entry of wheel.eachEntry()) {
    const target = targetOf(entry.fileName);
    if (!target) continue;
    await mkdir(dirname(target), { recursive: true });
    await pipeline(await wheel.openReadStreamPromise(entry), createWriteStream(target));
  }
  // The binding is linked against these two names.
  const folder = join(packageFolder, 'deps', 'lib');
  for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
    const link = join(folder, `${name.replace('_cc', '').replace('.so.2', '')}.so`);
    await rm(link, { force: true });
    await symlink(name, link);
  }
}

/** yauzl refuses names that would leave the folder. */
function targetOf(name: string): string | null {
  if (libraries.has(name)) return join(packageFolder, 'deps', 'lib', basename(name));
  if (name.endsWith('/') || !headers.some((folder) => name.startsWith(folder))) return null;
  return join(packageFolder, 'deps', name.slice('tensorflow/'.length));
}

async function compileBinding(nodeApi: string): Promise<void> {
  await mkdir(dirname(binding), { recursive: true });
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(packageFolder, 'binding', name));
  const half = `${binding}.half`;
  const words = [
    ['-O2', '-fPIC', '-shared', '-std=c++17', '-DNAPI_VERSION=8'],
    [`-I${nodeApi}`, `-I${join(packageFolder, 'deps', 'include')}`, ...sources, '-o', half],
    [`-L${join(packageFolder, 'deps', 'lib')}`, '-Wl,-rpath,$ORIGIN/../../deps/lib'],
    ['-ltensorflow', '-ltensorflow_framework'],
  ].flat();
  await output('g++', words);
  await rename(half, binding);
}
