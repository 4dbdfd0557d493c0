import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../sources.ts';
import { output } from './command.ts';

/** Where npm puts @tensorflow/tfjs-node; there or not. */
export const packageFolder = join(root, 'node_modules', '@tensorflow', 'tfjs-node');

/** The compiled binding, where the package looks for it. */
export const binding = join(packageFolder, 'lib', 'napi-v8', 'tfjs_binding.node');

/**
 * The version of the native library, from loading it in a process of its own (a library for another system may take
 * the process with it); throws with the loader's words where it does not load.
 */
export async function loadedVersion(): Promise<string> {
  const load = 'console.log(require(process.argv[1]).TF_Version)';
  return (await output(process.execPath, ['-e', load, binding])).trim();
}

/**
 * npm 10 knows no `allowScripts`: it runs the package's own installer and drops the package where that fails, so it is
 * put back without its script.
 */
export async function putBackPackage(): Promise<void> {
  if (existsSync(join(packageFolder, 'package.json'))) return;
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  const wanted = `@tensorflow/tfjs-node@${optionalDependencies['@tensorflow/tfjs-node']}`;
  const npm = process.env.npm_execpath;
  const words = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', wanted];
  if (npm) await output(process.execPath, [npm, ...words]);
  else await output('npm', words);
}
