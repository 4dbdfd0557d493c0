/**
 * Builds the kernels: what TypeScript knows of them (describe.ts), then every folder `assembly` of main →
 * dist/kernels/kernels.wasm (plain SIMD: the same bits on every processor) and kernels.relaxed.wasm (relaxed SIMD: fused
 * multiply-add, other bits). `node main/kernels/build-kernels.ts`.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { main as asc } from 'assemblyscript/asc';
import { describeKernels } from './describe.ts';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');

/** File names of the two builds. */
export const wasmNames = { plain: 'kernels.wasm', relaxed: 'kernels.relaxed.wasm' } as const;

export interface KernelBuild {
  /** Where the two files go. */
  readonly directory?: string;
  /** The folder whose kernels are built; the project's `main` unless given. */
  readonly sources?: string;
  /** Which of the two builds are made; both unless given. */
  readonly builds?: readonly (keyof typeof wasmNames)[];
}

/** Writes the generated files whose text has changed. */
function writeDescriptions(sources: string): void {
  for (const [file, text] of describeKernels(sources))
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}

/** Compiles the builds and returns their sizes in bytes, 0 for one that was not made. Throws with the compiler's words when it refuses. */
export async function buildKernels(
  options: KernelBuild = {},
): Promise<Record<keyof typeof wasmNames, number>> {
  const directory = options.directory ?? join(root, 'dist', 'kernels');
  writeDescriptions(options.sources ?? join(root, 'main'));
  const entries = assemblyFiles(options.sources).filter((file) => basename(file) === 'index.ts');
  mkdirSync(directory, { recursive: true });
  const sizes = { plain: 0, relaxed: 0 };
  for (const build of options.builds ?? (['plain', 'relaxed'] as const)) {
    const bytes = await compile(entries, build === 'relaxed');
    // A reader never sees half a file.
    const target = join(directory, wasmNames[build]);
    const temporary = `${target}.${process.pid}`;
    writeFileSync(temporary, bytes);
    renameSync(temporary, target);
    sizes[build] = bytes.length;
  }
  return sizes;
}

/** Are both builds there and newer than every source? */
export function kernelsAreFresh(directory = join(root, 'dist', 'kernels')): boolean {
  const changed = Math.max(...assemblyFiles().map((file) => statSync(file).mtimeMs));
  return Object.values(wasmNames).every((name) => {
    const built = statSync(join(directory, name), { throwIfNoEntry: false });
    return built !== undefined && built.mtimeMs > changed;
  });
}

/** Sources in AssemblyScript: the files of all folders named `assembly`. Each one's index.ts exports its kernels. */
function assemblyFiles(folder = join(root, 'main')): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && basename(dirname(name)) === 'assembly')
    .sort()
    .map((name) => join(folder, name));
}

async function compile(entries: readonly string[], relaxed: boolean): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined;
  const messages: string[] = [];
  const flags = [
    ['--baseDir', root],
    ['--outFile', 'kernels.wasm'],
    ['-O3', '--noAssert', '--runtime', 'stub'],
    ['--importMemory', '--sharedMemory', '--initialMemory', '16', '--maximumMemory', '65536'],
    ['--enable', `simd,threads,bulk-memory${relaxed ? ',relaxed-simd' : ''}`],
  ].flat();
  const { error } = await asc([...entries.map((entry) => relative(root, entry)), ...flags], {
    stderr: { write: (text: string | Uint8Array) => messages.push(text.toString()) },
    writeFile: (_name: string, contents: string | Uint8Array) => {
      if (typeof contents !== 'string') bytes = contents;
    },
  });
  if (error || !bytes) throw new Error(`Kernels do not compile: ${messages.join('') || error?.message}`);
  return bytes;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const option = (name: string): string | undefined => {
    const at = process.argv.indexOf(name);
    return at < 0 ? undefined : process.argv[at + 1];
  };
  const sources = option('--sources');
  const directory = option('--directory');
  const sizes = await buildKernels({ ...(sources && { sources }), ...(directory && { directory }) });
  console.log(`Kernels built: plain ${sizes.plain} bytes, relaxed ${sizes.relaxed} bytes.`);
}
