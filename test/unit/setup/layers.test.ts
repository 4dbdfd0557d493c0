import { ESLint, Linter } from 'eslint';
import { describe, expect, it } from 'vitest';

/** What the project's own rules of layers say to an import, static and dynamic, in a file. */
async function complaints(file: string, source: string): Promise<string[]> {
  const config = (await new ESLint().calculateConfigForFile(file)) as { rules: Linter.RulesRecord };
  const rules: Linter.RulesRecord = {
    'no-restricted-imports': config.rules['no-restricted-imports'] ?? 'off',
    'no-restricted-syntax': config.rules['no-restricted-syntax'] ?? 'off',
  };
  const code = `import x from '${source}';\nawait import('${source}');\nx();\n`;
  const found = new Linter().verify(code, { rules }).map(({ ruleId }) => ruleId ?? 'unreadable');
  return [...new Set(found)].sort();
}

describe('The path of a file says which process may load it:', () => {
  it.each([
    ['shared/contract.ts', '../main/errors.ts'],
    ['shared/contract.ts', 'node:fs'],
    ['shared/contract.ts', 'svelte'],
    ['renderer/runs/list.ts', '../../main/engine/engine.ts'],
    ['renderer/runs/list.ts', 'electron'],
    ['renderer/runs/list.ts', 'node:fs'],
    ['renderer/runs/list.ts', 'chart.js'],
    ['main/engine/engine.ts', 'electron'],
    ['main/engine/engine.ts', '../shell/electron/window.ts'],
    ['main/engine/engine.ts', 'better-sqlite3'],
    ['main/engine/engine.ts', '@duckdb/node-api'],
    ['main/engine/handlers/runs.ts', '../../shell/browser/serve.ts'],
    ['main/process/managed.ts', 'electron'],
    ['main/models/mf.ts', '../store/columns.ts'],
    ['main/models/mf.ts', '../shell/policy.ts'],
    ['main/trainer/loop.ts', '../store/columns.ts'],
    ['main/trainer/loop.ts', '../engine/engine.ts'],
    ['main/trainer/loop.ts', 'better-sqlite3'],
    ['main/evaluation/split.ts', '../engine/engine.ts'],
    ['main/evaluation/split.ts', '@tensorflow/tfjs'],
    ['main/data/process.ts', '../engine/engine.ts'],
    ['main/data/process.ts', 'better-sqlite3'],
    ['main/store/database.ts', '@duckdb/node-api'],
    ['main/store/database.ts', '../trainer/loop.ts'],
    ['main/shell/browser/server.ts', 'electron'],
    ['main/shell/browser/server.ts', '../../store/database.ts'],
    ['main/shell/electron/main.ts', '../../engine/engine.ts'],
    ['main/shell/cli/main.ts', 'electron'],
  ])('%s may not import %s', async (file, source) => {
    expect(await complaints(file, source)).toEqual(['no-restricted-imports', 'no-restricted-syntax']);
  });

  it.each([
    ['shared/contract.ts', 'valibot'],
    ['shared/contract.ts', './config.ts'],
    ['renderer/runs/list.ts', '../../shared/contract.ts'],
    ['renderer/transport/choose.ts', './electron.ts'],
    ['renderer/charts/line.ts', 'chart.js'],
    ['main/shell/electron/window.ts', 'electron'],
    ['main/shell/electron/window.ts', '../../process/paths.ts'],
    ['main/shell/cli/main.ts', '../../engine/engine.ts'],
    ['main/store/database.ts', 'better-sqlite3'],
    ['main/data/read.ts', '@duckdb/node-api'],
    ['main/trainer/loop.ts', '@tensorflow/tfjs'],
    ['main/trainer/loop.ts', '../models/mf.ts'],
  ])('%s may import %s', async (file, source) => {
    expect(await complaints(file, source)).toEqual([]);
  });
});
