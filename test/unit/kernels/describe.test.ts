import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main as asc } from 'assemblyscript/asc';
import { describe, expect, it } from 'vitest';
import { createBlock, type Layout } from '../../../main/kernels/block.ts';
import { describeKernels, describeSources } from '../../../main/kernels/describe.ts';
import { KernelMemory } from '../../../main/kernels/shared-memory.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const source = `
// Values of kind.
export const PLAIN: i32 = 0;
export const ODD: u32 = 0xffffffff;
const HIDDEN: i32 = 3;

@unmanaged
export class Base {
  /** A count: not a field. */
  rows: u32;
  sum: f64;
  at: usize;
}

@unmanaged
export class Own extends Base {
  share: f32;
  // Signed.
  shift: i32;
}

export function train(thread: i32, threads: i32, block: usize, from: u32): void {}
export function helper(block: usize): void {}
`;

describe('what TypeScript knows of the kernels', () => {
  it('is made of the classes, constants and exported kernels of the assembly', () => {
    const { layouts, constants, kernels } = describeSources(
      new Map([
        ['index', "export * from './kernel';"],
        ['kernel', source],
        ['other', 'export function inner(thread: i32, threads: i32): void {}'],
      ]),
    );
    expect(layouts.get('Base')).toEqual({
      bytes: 20,
      fields: { rows: { at: 0, type: 'u32' }, sum: { at: 8, type: 'f64' }, at: { at: 16, type: 'u32' } },
    });
    expect(layouts.get('Own')?.bytes).toBe(28);
    expect(layouts.get('Own')?.fields['shift']).toEqual({ at: 24, type: 'i32' });
    expect([...constants]).toEqual([
      ['PLAIN', 0],
      ['ODD', 0xffffffff],
    ]);
    expect([...kernels]).toEqual([['train', ['block', 'from']]]);
  });

  it('refuses a field that TypeScript cannot write, and a base that is not there', () => {
    const of = (text: string): unknown => describeSources(new Map([['kernel', text]]));
    expect(() => of('@unmanaged\nexport class A {\n  v: v128;\n}')).toThrow('A.v');
    expect(() => of('@unmanaged\nexport class A extends B {\n  v: u32;\n}')).toThrow('class B');
  });

  it('is checked in as the sources have it: npm run build -- kernels writes it', () => {
    for (const [file, text] of describeKernels(join(root, 'main')))
      expect(readFileSync(file, 'utf8'), relative(root, file)).toBe(text);
  });

  it('has the offsets that the compiler gives', async () => {
    const folder = mkdtempSync(join(root, 'dist', 'offsets-'));
    try {
      const { text, expected } = await offsetsOfAll(folder);
      writeFileSync(join(folder, 'offsets.ts'), text);
      const exports = await compile(join(folder, 'offsets.ts'));
      const found = Object.fromEntries(
        Object.keys(expected).map((name) => [name, (exports[name] as WebAssembly.Global).value as number]),
      );
      expect(Object.keys(expected).length).toBeGreaterThan(100);
      expect(found).toEqual(expected);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});

type GeneratedFile = Record<string, unknown>;

/** A module that exports the offset of every field of every class as a global, and what they should be. */
async function offsetsOfAll(folder: string): Promise<{ text: string; expected: Record<string, number> }> {
  const lines: string[] = [];
  const expected: Record<string, number> = {};
  for (const [k, file] of [...describeKernels(join(root, 'main')).keys()].entries()) {
    const generated = (await import(file)) as GeneratedFile;
    const assembly = join(dirname(file), 'assembly');
    for (const name of readdirSync(assembly).filter((each) => each.endsWith('.ts'))) {
      const text = readFileSync(join(assembly, name), 'utf8');
      for (const [, className] of text.matchAll(/^export class (\w+)/gm)) {
        const alias = `${className}${k}`;
        lines.push(
          `import { ${className} as ${alias} } from '${relative(folder, join(assembly, name)).slice(0, -3)}';`,
        );
        for (const [field, { at }] of Object.entries((generated[className] as Layout).fields)) {
          lines.push(`export const ${alias}_${field}: usize = offsetof<${alias}>('${field}');`);
          expected[`${alias}_${field}`] = at;
        }
      }
    }
  }
  return { text: lines.join('\n'), expected };
}

async function compile(file: string): Promise<WebAssembly.Exports> {
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  const flags = ['--baseDir', root, '--outFile', 'offsets.wasm', '--runtime', 'stub'];
  const { error } = await asc([relative(root, file), ...flags, '--enable', 'simd,threads,bulk-memory'], {
    writeFile: (_name: string, contents: string | Uint8Array) => {
      if (typeof contents !== 'string') bytes = Uint8Array.from(contents);
    },
  });
  if (error || !bytes) throw error ?? new Error('The compiler wrote no module.');
  const { instance } = await WebAssembly.instantiate(bytes, {
    env: { memory: new WebAssembly.Memory({ initial: 1 }), abort: () => undefined },
  });
  return instance.exports;
}

describe('a block', () => {
  const layout = describeSources(new Map([['kernel', source]])).layouts.get('Own');
  if (!layout) throw new Error('no class');

  it('holds values by name, whatever the order they are given in', () => {
    const memory = new KernelMemory();
    const block = createBlock(memory, layout, { shift: -3, share: 0.5, at: 64, sum: 1e10, rows: 4294967295 });
    expect(['rows', 'sum', 'at', 'share', 'shift'].map((name) => block.get(name))).toEqual([
      4294967295, 1e10, 64, 0.5, -3,
    ]);
    block.set('share', 0.25);
    expect(block.get('share')).toBe(0.25);
    expect(block.get('shift')).toBe(-3);
  });

  it('is refused where a field is missing', () => {
    const memory = new KernelMemory();
    expect(() => createBlock(memory, layout, { rows: 1, sum: 0, at: 0, share: 0 })).toThrow('shift');
  });
});
