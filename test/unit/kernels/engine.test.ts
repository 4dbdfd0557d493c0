import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { availableParallelism } from 'node:os';
import { loadKernels, prepareKernels, type Kernels } from '../../../main/kernels/kernels.ts';
import {
  testBarrier,
  testGemm,
  testMath,
  testRandom,
  testTrap,
  testProducts,
  testTriad,
  testUpdateRow,
  testUpdateRowWise,
} from '../../../main/kernels/kernels.generated.ts';
import { isRowWise, optimizerNames } from '../../../main/numeric/optimizer.ts';
import { createOptimizer } from '../../../main/kernels/optimizer-block.ts';
import { nextU32, streamState } from '../../../main/kernels/splitmix.ts';
import { makeMoments, resolveOptimizer, stepElements } from '../../../main/numeric/optimizer.ts';
import { testKernels } from '../../fixtures/kernels.ts';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await testKernels({ threads: 2 });
}, 60_000);
afterAll(() => kernels.dispose());

describe('threads over one memory', () => {
  it.each([1, 2, 3])('meet at every barrier (%i threads)', async (threads) => {
    const engine = await testKernels({ threads });
    const counters = engine.memory.u32(2000);
    expect(engine.run(testBarrier, { counters: counters.at, rounds: 2000 })).toBe(0);
    expect(counters.data.every((count) => count === threads)).toBe(true);
    engine.dispose();
  });

  it('turn a trap on any of them into an error, and go on working', async () => {
    const engine = await testKernels({ threads: 3 });
    for (const who of [0, 1, 2]) {
      expect(() => engine.run(testTrap, { who })).toThrow(`failed on thread ${who}`);
      const counters = engine.memory.u32(10);
      expect(engine.run(testBarrier, { counters: counters.at, rounds: 10 })).toBe(0);
    }
    engine.dispose();
  });

  it('are as many as the machine has cores unless told otherwise, and say so', async () => {
    const engine = await loadKernels();
    expect(engine.record).toMatchObject({
      engine: 'fused',
      backend: 'wasm',
      simd: 'plain',
      threads: availableParallelism(),
    });
    expect(engine.record.version).toMatch(/^[0-9a-f]{12}$/);
    engine.dispose();
  });

  it('refuse a kernel that is not there and a build that is missing', async () => {
    expect(() => kernels.run({ kernel: 'noSuchKernel', takes: [] }, {})).toThrow('no kernel "noSuchKernel"');
    await expect(loadKernels({ directory: '/nowhere' })).rejects.toThrow();
  });

  it('that were prepared are taken once, by who asks for the same', async () => {
    prepareKernels(1);
    const other = await loadKernels({ threads: 2 });
    expect(other.threads).toBe(2);
    other.dispose();
    prepareKernels(2);
    const [first, second] = await Promise.all([loadKernels({ threads: 2 }), loadKernels({ threads: 2 })]);
    expect(first.memory).not.toBe(second.memory);
    expect(first.record).toEqual(second.record);
    first.dispose();
    second.dispose();
  });
});

describe('memory', () => {
  it('is zeroed, aligned to 64 bytes and given back by mark', () => {
    const { memory } = kernels;
    const mark = memory.mark();
    const first = memory.f32(3);
    first.data.fill(7);
    expect(memory.u8(1).at % 64).toBe(0);
    memory.release(mark);
    const again = memory.f32(3);
    expect(again.at).toBe(first.at);
    expect([...again.data]).toEqual([0, 0, 0]);
    memory.release(mark);
  });

  it('grows while earlier views stay what the kernels see', () => {
    const { memory } = kernels;
    const mark = memory.mark();
    const state = memory.copyU32(Uint32Array.of(1, 2));
    const out = memory.u32(8);
    const large = memory.f32(16 << 20);
    large.data[large.data.length - 1] = 5;
    kernels.run(testRandom, { state: state.at, out: out.at, n: 4 });
    expect(state.data[0]).not.toBe(1);
    expect(out.data.slice(4).sort()).toEqual(Uint32Array.of(0, 1, 2, 3));
    memory.release(mark);
  });

  it('tells when a kernel has written past its buffer', () => {
    const { memory } = kernels;
    const mark = memory.mark();
    const state = memory.copyU32(Uint32Array.of(1, 2));
    const out = memory.u32(16);
    expect(memory.brokenGuards()).toEqual([]);
    kernels.run(testRandom, { state: state.at, out: out.at, n: 16 });
    expect(memory.brokenGuards()).toHaveLength(1);
    memory.release(mark);
    expect(memory.brokenGuards()).toEqual([]);
  });
});

describe('elementary functions', () => {
  it('are within 3e-7 of the exact values, and finite at both ends', () => {
    const x = Float32Array.from({ length: 400 }, (_, i) => (i - 200) * 0.41);
    x.set([-1000, 1000, -87, 87]);
    const { memory } = kernels;
    const mark = memory.mark();
    const input = memory.copyF32(x);
    const out = memory.f32(3 * x.length);
    kernels.run(testMath, { x: input.at, out: out.at, n: x.length });
    x.forEach((value, i) => {
      const clamped = Math.max(-87, Math.min(87, value));
      expect(out.data[i] / Math.exp(clamped)).toBeCloseTo(1, 6);
      expect(Math.abs(out.data[x.length + i] - 1 / (1 + Math.exp(-value)))).toBeLessThan(3e-7);
      const exact = Math.min(value, 0) - Math.log1p(Math.exp(-Math.abs(value)));
      const error = Math.abs(out.data[2 * x.length + i] - exact);
      expect(error).toBeLessThan(3e-7 * Math.max(1, Math.abs(exact)));
    });
    memory.release(mark);
  });

  it('draw the same numbers in JS and in the kernels, and shuffle without loss', () => {
    const { memory } = kernels;
    const mark = memory.mark();
    const state = memory.copyU32(streamState(7, 'negatives', 3));
    const out = memory.u32(200);
    kernels.run(testRandom, { state: state.at, out: out.at, n: 100 });
    const same = streamState(7, 'negatives', 3);
    expect([...out.data.slice(0, 100)]).toEqual(Array.from({ length: 100 }, () => nextU32(same)));
    const order = [...out.data.slice(100)];
    expect([...order].sort((a, b) => a - b)).toEqual(order.map((_, i) => i));
    expect(order).not.toEqual([...order].sort((a, b) => a - b));
    expect(streamState(7, 'negatives', 4)).not.toEqual(streamState(7, 'negatives', 3));
    memory.release(mark);
  });
});

describe('dense products', () => {
  it('equal plain loops for any shape and either stride', () => {
    const size = fc.integer({ min: 1, max: 13 });
    fc.assert(
      fc.property(size, size, size, fc.boolean(), fc.boolean(), (m, quads, k, transposed, accumulate) => {
        const n = 4 * quads;
        const { memory } = kernels;
        const mark = memory.mark();
        const value = (i: number): number => Math.sin(i + 1);
        const a = memory.copyF32(Float32Array.from({ length: m * k }, (_, i) => value(i)));
        const b = memory.copyF32(Float32Array.from({ length: k * n }, (_, i) => value(3 * i)));
        const c = memory.copyF32(new Float32Array(m * n).fill(0.5));
        const [row, column] = transposed ? [4, 4 * m] : [4 * k, 4];
        const at = { a: a.at, aRow: row, aColumn: column, b: b.at, bRow: 4 * n, c: c.at, cRow: 4 * n };
        kernels.run(testGemm, { ...at, m, n, k, accumulate: accumulate ? 1 : 0 });
        for (let i = 0; i < m; i++)
          for (let j = 0; j < n; j++) {
            let sum = accumulate ? 0.5 : 0;
            for (let p = 0; p < k; p++) sum += a.data[transposed ? p * m + i : i * k + p] * b.data[p * n + j];
            expect(c.data[i * n + j]).toBeCloseTo(sum, 4);
          }
        expect(memory.brokenGuards()).toEqual([]);
        memory.release(mark);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the yardsticks of the bench', () => {
  it('add three times c to b with the parts of all threads, and multiply on each', () => {
    const { memory, threads } = kernels;
    const mark = memory.mark();
    const n = 44;
    const [a, b, c] = [memory.f32(n), memory.f32(n), memory.f32(n)];
    for (let i = 0; i < n; i++) [b.data[i], c.data[i]] = [i, 1 + (i % 3)];
    kernels.run(testTriad, { a: a.at, b: b.at, c: c.at, n });
    expect([...a.data]).toEqual(Array.from(b.data, (value, i) => value + 3 * c.data[i]));
    const size = 8;
    const [left, right] = [memory.f32(size * size), memory.f32(size * size)];
    const out = memory.f32(threads * size * size);
    left.data.forEach((_, i) => (left.data[i] = i % 5));
    // The identity, doubled.
    for (let i = 0; i < size; i++) right.data[i * size + i] = 2;
    kernels.run(testProducts, { a: left.at, b: right.at, c: out.at, n: size, times: 2 });
    const expected = Array.from(left.data, (value) => 2 * value);
    for (let t = 0; t < threads; t++)
      expect([...out.data.subarray(t * size * size, (t + 1) * size * size)]).toEqual(expected);
    expect(memory.brokenGuards()).toEqual([]);
    memory.release(mark);
  });
});

describe('optimizers', () => {
  const all = optimizerNames.flatMap((kind) =>
    (['coupled', 'decoupled'] as const).map((decay) => ({ kind, decay })),
  );
  const cases = all.filter(({ kind }) => !isRowWise(kind));

  it.each(cases)('move rows as the written-out rules do ($kind, $decay)', ({ kind, decay }) => {
    const { memory } = kernels;
    const mark = memory.mark();
    const w = Float32Array.from({ length: 8 }, (_, i) => Math.cos(i));
    const g = Float32Array.from({ length: 8 }, (_, i) => Math.sin(5 * i));
    const optimizer = createOptimizer(memory, {
      kind,
      learningRate: 0.05,
      [`${decay}Decay`]: 0.1,
    });
    const [weights, gradient] = [memory.copyF32(w), memory.copyF32(g)];
    const [m, v] = [memory.f32(8), memory.f32(8)];
    kernels.run(testUpdateRow, {
      optimizer: optimizer.at,
      w: weights.at,
      g: gradient.at,
      m: m.at,
      v: v.at,
      bytes: 32,
      times: 20,
    });
    const rule = resolveOptimizer({ optimizer: kind, learningRate: 0.05, regularization: 0.1, decay });
    const moments = makeMoments(kind, 8);
    for (let t = 1; t <= 20; t++) stepElements(rule, w, moments, 0, g, 0, 8, 0.05, t);
    weights.data.forEach((value, i) => expect(value).toBeCloseTo(w[i], 5));
    memory.release(mark);
  });

  it.each(all.filter(({ kind }) => isRowWise(kind)))(
    'keep one square a row, and one of its bias, as the written-out rules do ($kind, $decay)',
    ({ kind, decay }) => {
      const { memory } = kernels;
      const mark = memory.mark();
      const factors = Float32Array.from({ length: 6 }, (_, i) => Math.cos(i));
      const gradients = Float32Array.from({ length: 6 }, (_, i) => Math.sin(5 * i));
      const [bias, biasGradient] = [Float32Array.of(0.4), Float32Array.of(-2)];
      const options = { learningRate: 0.05, [`${decay}Decay`]: 0.1 };
      const optimizer = createOptimizer(memory, { kind, ...options }).at;
      // Six factors, the bias, and a lane that stands for what is no factor: its gradient must not count.
      const weights = memory.copyF32(Float32Array.of(...factors, bias[0], 1));
      const gradient = memory.copyF32(Float32Array.of(...gradients, biasGradient[0], 1000));
      const [m, v] = [memory.f32(8), memory.f32(2)];
      const row = { w: weights.at, g: gradient.at, m: m.at, v: v.at, bytes: 32, width: 6, bias: 24 };
      kernels.run(testUpdateRowWise, { optimizer, ...row, times: 20 });
      const rule = resolveOptimizer({ optimizer: kind, learningRate: 0.05, regularization: 0.1, decay });
      const [ofFactors, ofBias] = [makeMoments(kind, 6, 1), makeMoments(kind, 1, 1)];
      for (let t = 1; t <= 20; t++) {
        stepElements(rule, factors, ofFactors, 0, gradients, 0, 6, 0.05, t);
        stepElements(rule, bias, ofBias, 0, biasGradient, 0, 1, 0.05, t);
      }
      [...factors, ...bias].forEach((value, i) => expect(weights.data[i]).toBeCloseTo(value, 5));
      expect(v.data[0]).toBeCloseTo(ofFactors.second[0], 5);
      expect(v.data[1]).toBeCloseTo(ofBias.second[0], 4);
      memory.release(mark);
    },
  );

  it('never leave denormals behind, which would slow every later step several times', () => {
    const { memory } = kernels;
    const mark = memory.mark();
    const optimizer = createOptimizer(memory, { kind: 'adam', learningRate: 0.001 });
    const [w, g, m, v] = [memory.f32(64), memory.f32(64), memory.f32(64), memory.f32(64)];
    m.data.fill(1e-3);
    v.data.fill(1e-3);
    kernels.run(testUpdateRow, {
      optimizer: optimizer.at,
      w: w.at,
      g: g.at,
      m: m.at,
      v: v.at,
      bytes: 256,
      times: 20_000,
    });
    const smallest = 2 ** -126;
    for (const moments of [m.data, v.data])
      expect(moments.every((value) => value === 0 || Math.abs(value) >= smallest)).toBe(true);
    memory.release(mark);
  });
});
