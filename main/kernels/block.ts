/** Parameter blocks: the fields of an @unmanaged class of the assembly, one 4-byte word each, in its order. */
import type { KernelMemory } from './memory.ts';

export interface Block<Name extends string> {
  /** Byte address, for the kernel. */
  readonly at: number;
  set(name: Name, value: number): void;
}

/** Writes the fields in the order of the object's keys, as u32. */
export function createBlock<Name extends string>(
  memory: KernelMemory,
  fields: Record<Name, number>,
): Block<Name> {
  const names = Object.keys(fields);
  const words = memory.u32(names.length);
  words.data.set(Object.values<number>(fields));
  return {
    at: words.at,
    set: (name, value) => {
      words.data[names.indexOf(name)] = value;
    },
  };
}

/** The bits of an f32, as a word of a block. */
export function floatWord(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0];
}

/** n rounded up to a multiple of `step`. */
export function padded(n: number, step: number): number {
  return Math.ceil(n / step) * step;
}
