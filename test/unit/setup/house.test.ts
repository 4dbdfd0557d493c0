/** What keeps the sources easy to read, where neither the linter nor the layers can see it. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { models } from '../../../main/models/registry.ts';
import { root } from '../../../main/setup/sources.ts';

interface Source {
  readonly path: string;
  readonly lines: readonly string[];
}

const sources: readonly Source[] = ['shared', 'main', 'renderer', 'test'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => /\.(ts|svelte|mjs|css)$/.test(path))
    .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n') })),
);

/** Model names that are words of other things too, such as a split's: they are model names beside the word alone. */
const ordinaryWords = new Set(['popularity', 'random', 'bias']);

/** Lines that name a model of the registry, as "path:line". */
function namings(of: readonly Source[]): string[] {
  const quoted = (name: string): RegExp => new RegExp(`(['"\`])${name}\\1|^\\s*${name}: ['"{[]`);
  const patterns = models.flatMap(({ name, title }) => [
    { name, pattern: quoted(name) },
    { name, pattern: quoted(title) },
  ]);
  return of.flatMap(({ path, lines }) =>
    lines.flatMap((line, at) =>
      patterns.some(
        ({ name, pattern }) => pattern.test(line) && (!ordinaryWords.has(name) || /\bmodels?\b/i.test(line)),
      )
        ? [`${path}:${at + 1}`]
        : [],
    ),
  );
}

describe('a model', () => {
  it('is named by no file outside of its own folder and the registry', () => {
    const others = sources.filter(({ path }) => !/^(main\/models|test)\//.test(path));
    expect(namings(others)).toEqual([]);
  });
  it('that is named is found', () => {
    const lines = [
      "const first = 'bpr';",
      "  neumf: 'NeuMF',",
      "model: 'popularity'",
      "split: 'random'",
      '// BPR',
    ];
    expect(namings([{ path: 'x', lines }])).toEqual(['x:1', 'x:2', 'x:3']);
  });
  it('has a title that fits the head of a table', () => {
    for (const { title } of models) expect(title.length, title).toBeLessThanOrEqual(14);
  });
});

describe('the files', () => {
  it('have at most 400 lines, and half of them at most 100', () => {
    const lengths = sources.map(({ path, lines }) => ({ path, length: lines.length - 1 }));
    expect(lengths.filter(({ length }) => length > 400)).toEqual([]);
    const sorted = lengths.map(({ length }) => length).sort((a, b) => a - b);
    expect(sorted[sorted.length >> 1]).toBeLessThanOrEqual(100);
  });

  /** Folders whose files are named after what they serve: a method's area, a table, a process, a host, a model. */
  const namedAfter = /^main\/(engine\/handlers|store|entries|shell\/\w+|models\/\w+)\/|\/assembly\//;

  it('of main/ have names of their own, but for those that are named after what they serve', () => {
    const own = sources.filter(({ path }) => path.startsWith('main/') && !namedAfter.test(path));
    const paths = Map.groupBy(own, ({ path }) => basename(path));
    const generated = 'kernels.generated.ts';
    const twice = [...paths].filter(([name, { length }]) => length > 1 && name !== generated);
    expect(twice.map(([, files]) => files.map(({ path }) => path))).toEqual([]);
  });

  /** What switches a check off; AssemblyScript's `@inline` has no form that TypeScript knows, so it goes without. */
  const switchOff = /eslint-disable|@ts-(expect-error|ignore)(?!: decorator)|svelte-ignore|\bas unknown as\b/;

  it('switch a check off only where a reason stands beside', () => {
    const bare = sources
      .filter(({ path }) => path !== 'test/unit/setup/house.test.ts')
      .flatMap(({ path, lines }) =>
        lines.flatMap((line, at) => {
          const reason = / -- \S| \/\/ \S/.test(line) || /^\s*(\/\/|\*\/|.*\*\/$)/.test(lines[at - 1] ?? '');
          return switchOff.test(line) && !reason ? [`${path}:${at + 1}`] : [];
        }),
      );
    expect(bare).toEqual([]);
  });
});
