import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './sources.ts';

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

/** Development packages whose code is bundled into the windows. */
const bundled = ['svelte', 'chart.js', '@kurkle/color', '@lucide/svelte', 'esm-env', 'clsx', 'devalue'];

/**
 * Names, versions and licences of everything that a package contains, with the licence texts that its makers ship.
 * Electron and Chromium come with their own.
 */
export function thirdPartyNotices(): string {
  const text = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(text) as { packages: Record<string, Locked> };
  const parts = ['Recommender Workbench contains the following software of others.'];
  for (const [path, { version, license, dev }] of Object.entries(packages)) {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const words = licenseText(join(root, path));
    if (path === '' || (dev && !bundled.includes(name)) || words === null) continue;
    parts.push(`${name} ${version} (${license ?? 'see below'})\n\n${words}`);
  }
  parts.push(
    'libtensorflow, the TensorFlow C library under @tensorflow/tfjs-node\n\nApache License 2.0, as above.',
  );
  return `${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** Null where the package is not installed: one of another platform. */
function licenseText(folder: string): string | null {
  try {
    const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(name));
    return file ? readFileSync(join(folder, file), 'utf8').trim() : 'Its makers ship no licence text.';
  } catch {
    return null;
  }
}
