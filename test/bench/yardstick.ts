/** What the machine gives at this moment, beside every figure: it changes several times over with what else runs on it. */
import { testProducts, testTriad } from '../../main/kernels/kernels.generated.ts';
import { loadKernels } from '../../main/kernels/kernels.ts';

export interface Yardstick {
  /** STREAM's triad: two arrays read and one written, 10⁹ bytes a second. */
  readonly triad: number;
  /** Products of matrices that stay in the cache, 10⁹ operations a second. */
  readonly products: number;
}

/** Floats of each array: 64 MB, more than caches hold. */
const LENGTH = 2 ** 24;
/** Rows of the matrices: three take 192 kB. */
const SIZE = 128;
const TIMES = 200;
const REPEATS = 3;

/** Measures on so many threads; arrays are kept until `end`. */
export async function openYardstick(threads: number): Promise<{ measure: () => Yardstick; end: () => void }> {
  const kernels = await loadKernels({ threads });
  const { memory } = kernels;
  const [a, b, c] = [memory.f32(LENGTH).at, memory.f32(LENGTH).at, memory.f32(LENGTH).at];
  const [left, right] = [memory.f32(SIZE * SIZE).at, memory.f32(SIZE * SIZE).at];
  const out = memory.f32(threads * SIZE * SIZE).at;
  const measure = (): Yardstick => ({
    triad: (3 * 4 * LENGTH) / best(() => void kernels.run(testTriad, { a, b, c, n: LENGTH })),
    products:
      (2 * SIZE ** 3 * TIMES * threads) /
      best(() => void kernels.run(testProducts, { a: left, b: right, c: out, n: SIZE, times: TIMES })),
  });
  measure();
  return { measure, end: () => kernels.dispose() };
}

/** Nanoseconds of the quickest of a few: what others take away is not the machine's. */
function best(work: () => void): number {
  const taken = Array.from({ length: REPEATS }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return 1e6 * Math.min(...taken);
}
