import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { loadTensorFlow } from '../../../main/tensorflow/tensorflow.ts';

const native = await loadTensorFlow('tensorflow', { threads: 1 }).catch(() => null);

describe('loadTensorFlow', () => {
  it.skipIf(!native && process.env['WORKBENCH_REQUIRE_NATIVE'] !== '1')(
    'maps the native library and records its version',
    async () => {
      expect(native?.record).toMatchObject({ engine: 'tensorflow', backend: 'native', threads: 1 });
      expect(native?.record.version).toMatch(/^libtensorflow \d+\.\d+/);
      if (process.platform === 'linux')
        expect(readFileSync('/proc/self/maps', 'utf8')).toMatch(/libtensorflow\S*\.so/);
      await native?.activate();
      expect(native?.tf.getBackend()).toBe('tensorflow');
    },
  );

  it('switches the one back end of the process, and back', async () => {
    const cpu = await loadTensorFlow('cpu');
    const wasm = await loadTensorFlow('wasm');
    expect(wasm.tf.getBackend()).toBe('wasm');
    expect(wasm.record).toMatchObject({ engine: 'wasm', threads: 1 });
    await cpu.activate();
    expect(cpu.tf.getBackend()).toBe('cpu');
    expect(cpu.record.engine).toBe('cpu');
  });

  it('leaves no handlers of Emscripten on the process', async () => {
    const before = process.listenerCount('uncaughtException');
    await loadTensorFlow('wasm');
    expect(process.listenerCount('uncaughtException')).toBe(before);
  });

  it('says why a back end does not load, and takes no other', async () => {
    vi.resetModules();
    vi.doMock('@tensorflow/tfjs-node', () => {
      throw new Error('libtensorflow.so.2: cannot open shared object file');
    });
    const fresh = await import('../../../main/tensorflow/tensorflow.ts');
    await expect(fresh.loadTensorFlow('tensorflow')).rejects.toMatchObject({
      code: 'compute-unavailable',
      message: expect.stringContaining('Native TensorFlow does not load') as string,
      hint: expect.stringContaining('--compute auto') as string,
    });
    vi.doUnmock('@tensorflow/tfjs-node');
  });
});
