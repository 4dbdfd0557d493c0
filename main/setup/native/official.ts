import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { output } from './command.ts';
import { binding, packageFolder } from './binding.ts';

const host = 'https://storage.googleapis.com/';

/** The package's own installer: downloads libtensorflow and a compiled binding. Throws with the reason. */
export async function installOfficially(): Promise<void> {
  await assertReachable();
  const node = process.execPath;
  // Its node-pre-gyp is called by name.
  const path = [join(packageFolder, '..', '..', '.bin'), process.env.PATH].join(
    process.platform === 'win32' ? ';' : ':',
  );
  await output(node, ['scripts/install.js'], { cwd: packageFolder, env: { ...process.env, PATH: path } });
  // Windows looks for a library beside the one that asks for it, and the installer leaves it elsewhere.
  const library = join(packageFolder, 'deps', 'lib', 'tensorflow.dll');
  if (existsSync(library)) await copyFile(library, join(dirname(binding), 'tensorflow.dll'));
}

/** The installer itself would wait for minutes where the network lets nothing through. */
async function assertReachable(): Promise<void> {
  const { TFJS_NODE_CDN_STORAGE, CDN_STORAGE, TFJS_NODE_BASE_URI } = process.env;
  if (TFJS_NODE_BASE_URI ?? TFJS_NODE_CDN_STORAGE ?? CDN_STORAGE) return;
  const ask = `fetch('${host}', { method: 'HEAD', signal: AbortSignal.timeout(8000) })
    .then((answer) => process.exit(answer.status < 500 ? 0 : 1), () => process.exit(1))`;
  await output(process.execPath, ['--use-env-proxy', '-e', ask], { within: 10_000 }).catch(() => {
    throw new Error(`${new URL(host).host} is not reachable`);
  });
}
