/** Work in slices: a kernel call must not keep a thread from cancelling and reporting for more than 50 ms. */
import { performance } from 'node:perf_hooks';

const SLICE_MS = 30;

/** Calls `run(first, count)` over 0 … total − 1 in slices of about 30 ms, `after(done)` behind each. */
export async function inSlices(
  total: number,
  run: (first: number, count: number) => void,
  after: (done: number) => Promise<void>,
): Promise<void> {
  let slice = 1;
  for (let first = 0; first < total;) {
    const count = Math.min(slice, total - first);
    const start = performance.now();
    run(first, count);
    const ms = Math.max(performance.now() - start, 0.01);
    slice = Math.max(1, Math.min(count * 4, Math.floor((count * SLICE_MS) / ms)));
    first += count;
    await after(first);
  }
}
