import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import config from '../../../main/setup/layers.ts';
import { withRooms } from '../../../main/setup/layers-picture.ts';
import { root } from '../../../main/setup/sources.ts';

/** Pairs of a file and what it imports: [file, specifier]. */
type Import = readonly [string, string];

const refused: readonly Import[] = [
  ['shared/contract.ts', '../main/base/errors.ts'],
  ['shared/fields.ts', 'node:fs'],
  ['shared/config.ts', 'svelte'],
  ['renderer/runs/list.ts', '../../main/engine/engine.ts'],
  ['renderer/runs/other.ts', 'electron'],
  ['renderer/runs/third.ts', 'node:fs'],
  ['renderer/runs/fourth.ts', 'chart.js'],
  ['renderer/lib/low.ts', '../ui/high.ts'],
  ['main/base/low.ts', '../process/high.ts'],
  ['main/engine/engine.ts', 'electron'],
  ['main/engine/handlers/window.ts', '../../shell/electron/window.ts'],
  ['main/engine/rows.ts', 'better-sqlite3'],
  ['main/engine/files.ts', 'hyparquet'],
  ['main/process/managed.ts', '../engine/engine.ts'],
  ['main/models/mf/store.ts', '../../store/columns.ts'],
  ['main/models/mf/other.ts', '../bpr/weights.ts'],
  ['main/training/loop.ts', '../store/columns.ts'],
  ['main/evaluation/evaluate.ts', '@tensorflow/tfjs'],
  ['main/store/database.ts', '../files/types.ts'],
  ['main/shell/browser/server.ts', '../../store/database.ts'],
  ['main/shell/browser/app.ts', 'electron'],
  ['main/shell/electron/main.ts', '../../engine/engine.ts'],
  ['main/shell/cli/main.ts', '../electron/window.ts'],
];

const allowed: readonly Import[] = [
  ['shared/contract.ts', 'valibot'],
  ['renderer/runs/list.ts', '../../shared/contract.ts'],
  ['renderer/charts/line.ts', 'chart.js'],
  ['renderer/ui/high.ts', '../lib/low.ts'],
  ['main/shell/electron/window.ts', 'electron'],
  ['main/shell/cli/main.ts', '../../engine/engine.ts'],
  ['main/store/database.ts', 'better-sqlite3'],
  ['main/models/mf/tensorflow.ts', '../../tensorflow/tables.ts'],
  ['main/models/mf/fused.ts', '../factors/fused-trainer.ts'],
  ['main/training/services.ts', '../models/registry.ts'],
];

let folder: string;

beforeAll(() => {
  mkdirSync(join(root, 'dist'), { recursive: true });
  folder = mkdtempSync(join(root, 'dist', 'layers-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The names of the rules that each import breaks, in a tree that holds these imports alone. */
async function broken(name: string, imports: readonly Import[]): Promise<string[][]> {
  const tree = join(folder, name);
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), text, { flag: 'a' });
  };
  for (const room of ['main', 'renderer', 'shared']) mkdirSync(join(tree, room), { recursive: true });
  for (const [file, specifier] of imports) {
    write(file, `import '${specifier}';\n`);
    if (specifier.startsWith('.')) write(join(dirname(file), specifier), '');
  }
  const { output } = await cruise(['main', 'renderer', 'shared'], {
    ...config.options,
    tsConfig: undefined,
    exclude: undefined,
    baseDir: tree,
    validate: true,
    ruleSet: { forbidden: config.forbidden },
  });
  const { violations } = (output as ICruiseResult).summary;
  return imports.map(([file]) => violations.filter(({ from }) => from === file).map(({ rule }) => rule.name));
}

describe('The path of a file says what it may import:', () => {
  it('what is forbidden breaks a rule', async () => {
    const found = await broken('refused', refused);
    expect(refused.filter((_, at) => found[at].length === 0)).toEqual([]);
  });

  it('what is allowed breaks none', async () => {
    const found = await broken('allowed', allowed);
    expect(allowed.map((one, at) => [...one, ...found[at]])).toEqual(allowed.map((one) => [...one]));
  });

  it('circles of files and of folders are found, of types as well', async () => {
    const found = await broken('circles', [
      ['main/files/a.ts', './b.ts'],
      ['main/files/b.ts', './a.ts'],
    ]);
    expect(found.flat()).toContain('no-circle-of-files');
  });
});

it('CONTRIBUTING.md shows the rooms as the rules have them', () => {
  const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  expect(withRooms(page)).toBe(page);
});
