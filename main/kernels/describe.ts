/**
 * The boundary to the kernels, described once: in AssemblyScript. From the sources of a folder `assembly` this makes the
 * file `kernels.generated.ts` beside it, in which TypeScript finds
 * - every exported class marked `@unmanaged`, as a layout (block.ts): byte offset and type of each field;
 * - every exported constant that is a number;
 * - every kernel that index.ts exports, with the names of its parameters (kernels.ts, `run`).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { FieldType, Layout } from './block.ts';

/** What one folder `assembly` shows to TypeScript. */
export interface Described {
  readonly layouts: ReadonlyMap<string, Layout>;
  readonly constants: ReadonlyMap<string, number>;
  /** Names of the parameters after `thread` and `threads`. */
  readonly kernels: ReadonlyMap<string, readonly string[]>;
}

/** Name of the generated file, beside the folder `assembly`. */
export const generatedName = 'kernels.generated.ts';

const bytesOf: Record<FieldType, number> = { i32: 4, u32: 4, f32: 4, f64: 8, u64: 8 };

const classes =
  /@unmanaged\s*\n(?:\/\/[^\n]*\n|\/\*[\s\S]*?\*\/\s*)*export class (\w+)(?: extends (\w+))? \{([\s\S]*?)\n\}/g;
const constants = /^export const (\w+): \w+ = (-?[\w.]+);/gm;
const functions = /^export function (\w+)\(\s*thread: [iu]32, threads: [iu]32,?\s*([^)]*)\)/gm;

/** The generated files of all folders `assembly` in `root`: path (beside the folder) → text. */
export function describeKernels(root: string): Map<string, string> {
  const folders = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => basename(name) === 'assembly')
    .map((name) => join(root, name))
    .sort();
  const sources = folders.map((folder) => new Map(sourcesOf(folder)));
  const known = layoutsOf(sources.flatMap((files) => [...files.values()]).join('\n'));
  return new Map(
    folders.map((folder, k) => [
      join(dirname(folder), generatedName),
      render(describeSources(sources[k], known)),
    ]),
  );
}

function sourcesOf(folder: string): [string, string][] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => [basename(name, '.ts'), readFileSync(join(folder, name), 'utf8')]);
}

/** @param known layouts that classes of this folder may extend */
export function describeSources(
  files: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, Layout> = new Map(),
): Described {
  const text = [...files.values()].join('\n');
  const own = [...text.matchAll(classes)].map(([, name]) => name);
  const all = new Map([...known, ...layoutsOf(text, known)]);
  const exported = [...(files.get('index') ?? '').matchAll(/from '\.\/([\w-]+)'/g)].map(([, file]) => file);
  const index = exported.map((file) => files.get(file) ?? '').join('\n');
  return {
    layouts: new Map(own.map((name) => [name, all.get(name) as Layout])),
    constants: new Map([...text.matchAll(constants)].map(([, name, value]) => [name, Number(value)])),
    kernels: new Map([...index.matchAll(functions)].map(([, name, rest]) => [name, parameterNames(rest)])),
  };
}

function parameterNames(list: string): string[] {
  return [...list.matchAll(/(\w+):/g)].map(([, name]) => name);
}

/** @throws Error where a class extends one that is not there, or a field has a type that TypeScript cannot write */
function layoutsOf(text: string, known: ReadonlyMap<string, Layout> = new Map()): Map<string, Layout> {
  const bodies = new Map([...text.matchAll(classes)].map(([, name, base, body]) => [name, { base, body }]));
  const made = new Map<string, Layout>();
  const layoutOf = (name: string): Layout => {
    const before = made.get(name) ?? (bodies.has(name) ? undefined : known.get(name));
    if (before) return before;
    const { base, body } = bodies.get(name) ?? { base: undefined, body: null };
    if (body === null) throw new Error(`There is no @unmanaged class ${name}.`);
    const layout = layoutOfBody(name, body, base === undefined ? null : layoutOf(base));
    made.set(name, layout);
    return layout;
  };
  for (const name of bodies.keys()) layoutOf(name);
  return made;
}

/** Fields as AssemblyScript lays them out: in order, each aligned to its own size, those of the base class first. */
function layoutOfBody(name: string, body: string, base: Layout | null): Layout {
  const fields: Record<string, Layout['fields'][string]> = { ...base?.fields };
  let at = base?.bytes ?? 0;
  for (const [, field, type] of body.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '').matchAll(/(\w+): (\w+);/g)) {
    const written = type === 'usize' ? 'u32' : type;
    if (!(written in bytesOf))
      throw new Error(`${name}.${field}: the type ${type} is not among those of fields.`);
    const bytes = bytesOf[written as FieldType];
    at = Math.ceil(at / bytes) * bytes;
    fields[field] = { at, type: written as FieldType };
    at += bytes;
  }
  return { bytes: at, fields };
}

function render({ layouts, constants: numbers, kernels }: Described): string {
  const lines = [
    '/** Made from assembly/ by main/kernels/describe.ts (npm run build -- kernels): not to be edited. */',
  ];
  for (const [name, value] of numbers) lines.push(`export const ${name} = ${value};`);
  for (const [name, { bytes, fields }] of layouts) {
    lines.push(`export const ${name} = {`, `  bytes: ${bytes},`, '  fields: {');
    for (const [field, { at, type }] of Object.entries(fields))
      lines.push(`    ${field}: { at: ${at}, type: '${type}' },`);
    lines.push('  },', '} as const;');
  }
  for (const [name, takes] of kernels)
    lines.push(
      `export const ${name} = { kernel: '${name}', takes: [${takes.map((n) => `'${n}'`).join(', ')}] } as const;`,
    );
  return `${lines.join('\n')}\n`;
}
