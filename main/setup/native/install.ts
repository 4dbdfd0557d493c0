import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { installOfficially } from './official.ts';
import { binding, loadedVersion, putBackPackage } from './binding.ts';
import { installFromWheel } from './wheel.ts';

export interface NativeResult {
  readonly ok: boolean;
  /** One line: the version and where it is from, or why there is none. */
  readonly line: string;
}

/** The ways to native TensorFlow, in order; each throws with its reason. */
export interface NativeSteps {
  readonly putBack: () => Promise<void>;
  readonly isThere: () => boolean;
  readonly version: () => Promise<string>;
  readonly ways: readonly { readonly name: string; readonly install: () => Promise<void> }[];
  /** Takes away a binding that does not load. */
  readonly remove: () => Promise<void>;
}

const steps: NativeSteps = {
  putBack: putBackPackage,
  isThere: () => existsSync(binding),
  version: loadedVersion,
  ways: [
    { name: 'official installer', install: installOfficially },
    { name: 'pip and g++', install: installFromWheel },
  ],
  remove: () => rm(binding, { force: true }),
};

/** Puts native TensorFlow under @tensorflow/tfjs-node where it can be had. Never throws. */
export async function installNative(use: NativeSteps = steps): Promise<NativeResult> {
  const reasons: string[] = [];
  try {
    await use.putBack();
  } catch (error) {
    return { ok: false, line: `@tensorflow/tfjs-node cannot be installed (${words(error)})` };
  }
  if (use.isThere()) {
    try {
      return { ok: true, line: `${await use.version()}` };
    } catch (error) {
      reasons.push(`what was there does not load: ${words(error)}`);
      await use.remove();
    }
  }
  for (const way of use.ways) {
    try {
      await way.install();
      return { ok: true, line: `${await use.version()}, by ${way.name}` };
    } catch (error) {
      reasons.push(`${way.name}: ${words(error)}`);
      await use.remove();
    }
  }
  return { ok: false, line: reasons.join('; ') };
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
