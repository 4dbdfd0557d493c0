import { afterEach, describe, expect, it } from 'vitest';
import { findModel } from '../../../main/models/registry.ts';
import { applyBatch, clipBatch } from '../../../main/tensorflow/clipping.ts';
import type { ModelDefinition } from '../../../main/model/model.ts';
import { chooseCompute } from '../../../main/training/choose-compute.ts';
import type { OpenedModel } from '../../../main/training/choose-compute.ts';
import { DenseParameter } from '../../../main/tensorflow/dense.ts';
import { EmbeddingTable } from '../../../main/tensorflow/tables.ts';
import { checkerboard } from './boards.ts';
import { engineReasons, noTick, smallParameters } from './engines.ts';

const normOf = (gradients: readonly Float32Array[]): number =>
  Math.sqrt(gradients.reduce((sum, gradient) => sum + gradient.reduce((all, g) => all + g * g, 0), 0));

describe('clipBatch', () => {
  it('scales rows and dense parameters together, a row gathered twice by its sum', () => {
    // Row 7: (1, 2) + (2, 2) = (3, 4); with the dense 12 the norm is √(9 + 16 + 144) = 13.
    const gradient = Float32Array.of(1, 2, 0, 0, 2, 2);
    const dense = Float32Array.of(12);
    const [rows, weights] = clipBatch(
      [{ rows: Uint32Array.of(7, 3, 7), gradient }, { gradient: dense }],
      6.5,
    );
    expect([...(rows.rows ?? [])]).toEqual([7, 3]);
    expect([...rows.gradient]).toEqual([1.5, 2, 0, 0]);
    expect([...weights.gradient]).toEqual([6]);
    expect(normOf([rows.gradient, weights.gradient])).toBeCloseTo(6.5, 6);
    expect([...gradient, ...dense]).toEqual([1, 2, 0, 0, 2, 2, 12]);
  });

  it('scales an array that two parts share once in each', () => {
    const gradient = Float32Array.of(3, 4);
    const [first, second] = clipBatch([{ gradient }, { gradient }], Math.sqrt(50) / 2);
    expect(first.gradient[0]).toBeCloseTo(1.5, 6);
    expect(second.gradient[1]).toBeCloseTo(2, 6);
  });

  it('leaves a gradient below the limit as it is, and every gradient where the limit is 0', () => {
    const parts = [{ gradient: Float32Array.of(3, 4) }];
    expect([...clipBatch(parts, 5)[0].gradient]).toEqual([3, 4]);
    expect(clipBatch(parts, 0)).toBe(parts);
  });

  it('moves what a batch holds by the clipped gradient', () => {
    const options = { optimizer: 'sgd', learningRate: 1 } as const;
    const table = new EmbeddingTable(2, 2, options);
    const dense = new DenseParameter([1], options);
    const moves = [
      { table, rows: Uint32Array.of(1, 1), gradient: Float32Array.of(1, 2, 2, 2) },
      { dense, gradient: Float32Array.of(12) },
    ];
    applyBatch(moves, 0.5, 6.5);
    expect([...table.values]).toEqual([0, 0, -0.75, -1]);
    expect([...dense.values]).toEqual([-3]);
  });
});

/** Those that follow a batch's gradient. */
const names = ['mf', 'bpr', 'neumf', 'caser', 'autorec'];
const missing = engineReasons.get('fused') !== null || engineReasons.get('tensorflow') !== null;

function definitionOf(name: string): ModelDefinition {
  const definition = findModel(name);
  if (!definition) throw new Error(`there is no model ${name}`);
  return definition;
}

describe.each(names)('gradient clipping of %s', (name) => {
  const definition = definitionOf(name);
  const { train } = checkerboard(definition.kind === 'ratings');
  let opened: OpenedModel | null = null;
  afterEach(() => {
    opened?.dispose();
    opened = null;
  });

  const open = (engine: 'auto' | 'fused' | 'tensorflow', more: Record<string, number | string>) =>
    chooseCompute(definition, engine, 1, { train, parameters: smallParameters(definition, more), seed: 1 });

  it.skipIf(missing)('is off unless asked for, on the kernels', async () => {
    opened = await open('auto', {});
    expect(opened.record.engine).toBe('fused');
    expect(opened.record.note).toBeUndefined();
  });

  it.skipIf(missing)('falls back to TensorFlow on auto, and says why; a named engine refuses', async () => {
    opened = await open('auto', { gradientClipping: 1 });
    expect(opened.record.engine).toBe('tensorflow');
    expect(opened.record.note).toContain('do not clip gradients');
    await expect(open('fused', { gradientClipping: 1 })).rejects.toMatchObject({
      code: 'compute-unsupported',
    });
  });

  it.skipIf(engineReasons.get('tensorflow') !== null)(
    'takes its step with a gradient of that norm',
    async () => {
      // After the one batch of the first epoch Adam's first moment is (1 − β₁) · gradient.
      const oneBatch = { batchSize: 100_000, initialScale: 0.5, regularization: 0 };
      const norm = async (gradientClipping: number): Promise<number> => {
        const made = await open('tensorflow', { ...oneBatch, gradientClipping });
        await made.model.trainEpoch(1, noTick);
        const state = made.model.state();
        made.dispose();
        const moments = Object.keys(state).filter((key) => key.endsWith('.first'));
        expect(moments.length).toBeGreaterThan(1);
        return normOf(moments.map((key) => Float32Array.from(state[key], (m) => Number(m) / 0.1)));
      };
      const free = await norm(0);
      expect(free).toBeGreaterThan(0.02);
      expect((await norm(free / 2)) / free).toBeCloseTo(0.5, 4);
      expect((await norm(free * 2)) / free).toBeCloseTo(1, 4);
    },
  );
});
