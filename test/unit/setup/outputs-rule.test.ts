import { ESLint, Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { outputsRule } from '../../../main/setup/outputs-rule.ts';

/** Lines of the code at which the rule complains. */
function complaints(code: string): number[] {
  const config = {
    plugins: { workbench: { rules: { outputs: outputsRule } } },
    rules: { 'workbench/outputs': 2 },
  };
  const found = new Linter().verify(code, config as Linter.Config);
  for (const { fatal, message } of found) if (fatal) throw new Error(message);
  return found.map(({ line }) => line);
}

describe('no file opens an output by itself:', () => {
  it.each([
    "import { writeFileSync } from 'node:fs';",
    "import { createWriteStream as make } from 'fs';",
    "import { appendFile } from 'node:fs/promises';",
    "import { copyFileSync } from 'node:fs';",
    "import * as fs from 'node:fs';",
    "import fs from 'node:fs/promises';",
    "import { promises } from 'node:fs';",
    "const fs = await import('node:fs');",
    "import { openSync } from 'node:fs'; openSync(path, 'w');",
    "import { open as begin } from 'node:fs/promises'; await begin(path, flags);",
    "import { openSync } from 'node:fs'; openSync(path);",
    "import { openSync } from 'node:fs'; const begin = openSync;",
  ])('%s', (code) => {
    expect(complaints(code)).toHaveLength(1);
  });

  it.each([
    "import { readFileSync, rmSync, createReadStream } from 'node:fs';",
    "import { openSync } from 'node:fs'; openSync(path, 'r');",
    "import { open } from 'node:fs/promises'; await open(path, 'r'); this.open(); x = { open: 1 };",
    "import { writeFileSync } from './other.ts';",
  ])('but it may: %s', (code) => {
    expect(complaints(code)).toEqual([]);
  });
});

it.each([
  ['main/engine/exports.ts', 'error'],
  ['main/evaluation/export-run.ts', 'error'],
  ['main/files/export.ts', 'error'],
  ['main/anything/new.ts', 'error'],
  ['main/base/output.ts', 'off'],
])('the rule is in force: in %s it is %s', async (file, state) => {
  const { rules } = (await new ESLint().calculateConfigForFile(file)) as { rules: Linter.RulesRecord };
  const [severity] = [rules['workbench/outputs'] ?? 0].flat() as number[];
  expect(severity).toBe(state === 'error' ? 2 : 0);
});
