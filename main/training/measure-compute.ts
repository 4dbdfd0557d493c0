/** What computes here and how fast, measured: the doctor's report. Runs in a trainer process, which ends afterwards. */
import { readFileSync } from 'node:fs';
import { testGemm } from '../kernels/kernels.generated.ts';
import { loadKernels } from '../kernels/kernels.ts';
import { messageOf } from '../base/message-of.ts';
import { type BackendName, loadTensorFlow } from '../tensorflow/tensorflow.ts';

export interface ComputeReport {
  readonly engine: string;
  readonly loads: boolean;
  readonly version: string | null;
  /** The library that is mapped, or why it does not load. */
  readonly detail: string;
  /** Billions of floating-point operations a second in a square matrix product, at best. */
  readonly gflops: number | null;
}

/** Side of the matrices; the plain back ends get smaller ones. */
const side = { fused: 512, tensorflow: 1024, wasm: 512, cpu: 128 } as const;
const repeats = 5;

/** Loads every engine in turn. None of them throws: what does not load says why. */
export async function selfTest(threads: number | null): Promise<ComputeReport[]> {
  const reports: ComputeReport[] = [await testFused(threads)];
  for (const name of ['tensorflow', 'wasm', 'cpu'] as const) reports.push(await testBackend(name, threads));
  return reports;
}

async function testFused(threads: number | null): Promise<ComputeReport> {
  try {
    const kernels = await loadKernels(threads === null ? {} : { threads });
    const n = side.fused;
    const [a, b, c] = [0, 1, 2].map(() => kernels.memory.f32(n * n));
    a.data.fill(0.5);
    b.data.fill(2);
    const row = n * 4;
    // One thread: the kernels divide batches, not products.
    const sizes = { aRow: row, aColumn: 4, bRow: row, cRow: row, m: n, n, k: n, accumulate: 0 };
    const gflops = best(n, () => kernels.run(testGemm, { a: a.at, b: b.at, c: c.at, ...sizes }));
    const { version, simd, threads: used } = kernels.record;
    const wrong = c.data[0] !== n;
    kernels.dispose();
    if (wrong) throw new Error('a matrix product came out wrong');
    return {
      engine: 'fused',
      loads: true,
      version,
      detail: `SIMD ${simd}, threads: ${used} (measured on one)`,
      gflops,
    };
  } catch (error) {
    return failure('fused', error);
  }
}

async function testBackend(name: BackendName, threads: number | null): Promise<ComputeReport> {
  try {
    const { tf, record, dispose } = await loadTensorFlow(name, { threads });
    const n = side[name];
    const a = tf.fill([n, n], 0.5);
    const b = tf.fill([n, n], 2);
    let corner = 0;
    const gflops = best(n, () => {
      const product = tf.matMul(a, b);
      corner = product.dataSync()[0];
      product.dispose();
    });
    dispose();
    if (corner !== n) throw new Error('a matrix product came out wrong');
    const mapped = name === 'tensorflow' ? mappedLibrary() : null;
    return {
      engine: name,
      loads: true,
      version: record.version,
      detail: mapped ?? `threads: ${record.threads}`,
      gflops,
    };
  } catch (error) {
    return failure(name, error);
  }
}

/** The native library as this process has it mapped; Linux alone tells. */
function mappedLibrary(): string | null {
  try {
    const maps = readFileSync('/proc/self/maps', 'utf8');
    return /\S*libtensorflow(?:_cc)?\.so\S*/.exec(maps)?.[0] ?? null;
  } catch {
    return null;
  }
}

function best(n: number, multiply: () => void): number {
  multiply();
  let least = Infinity;
  for (let k = 0; k < repeats; k++) {
    const began = performance.now();
    multiply();
    least = Math.min(least, performance.now() - began);
  }
  return (2 * n ** 3) / (least * 1e6);
}

function failure(engine: string, error: unknown): ComputeReport {
  return { engine, loads: false, version: null, detail: messageOf(error), gflops: null };
}
