/**
 * What `npm ci` ends with: native TensorFlow where it can be had, then everything is built, so that no command has to
 * build at first use. `WORKBENCH_NATIVE=off` leaves the library out; `WORKBENCH_REQUIRE_NATIVE=1` makes its absence a
 * failure.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installNative, type NativeResult } from './native/install.ts';
import { root } from './sources.ts';

export async function run(): Promise<number> {
  const started = performance.now();
  const native: NativeResult =
    process.env.WORKBENCH_NATIVE === 'off'
      ? { ok: false, line: 'switched off by WORKBENCH_NATIVE=off' }
      : await installNative();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (native.ok) {
    console.log(`Native TensorFlow: ${native.line} (${seconds} s).`);
  } else {
    console.log(`No native TensorFlow (${native.line}): models train without it.`);
    if (process.env.WORKBENCH_REQUIRE_NATIVE === '1') {
      console.error('WORKBENCH_REQUIRE_NATIVE=1: its absence is a failure.');
      return 1;
    }
  }
  if (!existsSync(join(root, 'node_modules', 'vite'))) {
    console.log('Installed without what builds it: dist/ is used as it is.');
    return 0;
  }
  const { run: build } = await import('./build.ts');
  return build(['--stale']);
}
