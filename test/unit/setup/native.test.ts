import { describe, expect, it } from 'vitest';
import { installNative, type NativeSteps } from '../../../main/setup/native/install.ts';

const fails = (message: string) => () => Promise.reject(new Error(message));
const works = () => Promise.resolve();

/** A machine on which each way works or fails as told; `removed` counts bindings taken away. */
function machine(told: Partial<NativeSteps>): NativeSteps & { removed: number } {
  const steps = {
    putBack: works,
    isThere: () => false,
    version: () => Promise.resolve('2.15.1'),
    ways: [
      { name: 'official installer', install: fails('storage.example is not reachable') },
      { name: 'pip and g++', install: fails('python3 is not there') },
    ],
    removed: 0,
    remove: () => Promise.resolve(void steps.removed++),
    ...told,
  };
  return steps;
}

describe('Native TensorFlow', () => {
  it('is left as it is where it loads', async () => {
    const ways = [{ name: 'never', install: fails('asked') }];
    expect(await installNative(machine({ isThere: () => true, ways }))).toEqual({ ok: true, line: '2.15.1' });
  });

  it("comes from the package's own installer first, else from pip and g++", async () => {
    const [official, wheel] = machine({}).ways;
    const first = await installNative(machine({ ways: [{ ...official, install: works }, wheel] }));
    expect(first).toEqual({ ok: true, line: '2.15.1, by official installer' });
    const second = await installNative(machine({ ways: [official, { ...wheel, install: works }] }));
    expect(second).toEqual({ ok: true, line: '2.15.1, by pip and g++' });
  });

  it('is said to be missing in one line with every reason', async () => {
    const result = await installNative(machine({}));
    expect(result.ok).toBe(false);
    expect(result.line).toBe(
      'official installer: storage.example is not reachable; pip and g++: python3 is not there',
    );
  });

  it('is fetched anew where what was there does not load, and is not left half', async () => {
    let versions = 0;
    const steps = machine({
      isThere: () => true,
      version: () =>
        ++versions === 1 ? Promise.reject(new Error('wrong ELF class')) : Promise.resolve('2.15.1'),
      ways: [{ name: 'pip and g++', install: works }],
    });
    expect(await installNative(steps)).toMatchObject({ ok: true });
    expect(steps.removed).toBe(1);
    const broken = machine({
      version: fails('undefined symbol'),
      ways: [{ name: 'pip and g++', install: works }],
    });
    expect(await installNative(broken)).toEqual({ ok: false, line: 'pip and g++: undefined symbol' });
    expect(broken.removed).toBe(1);
  });

  it('is given up where its package cannot be put back', async () => {
    const result = await installNative(machine({ putBack: fails('no network') }));
    expect(result).toEqual({ ok: false, line: '@tensorflow/tfjs-node cannot be installed (no network)' });
  });
});
