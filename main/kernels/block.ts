/** Parameter blocks: an @unmanaged class of the assembly, written by the names of its fields. */
import type { KernelMemory } from './shared-memory.ts';

/** Types of fields; an address (usize) is a u32. */
export type FieldType = 'i32' | 'u32' | 'f32' | 'f64' | 'u64';

/** Where the fields of a class are, as describe.ts finds them in the assembly. */
export interface Layout<Name extends string = string> {
  /** Bytes of the class. */
  readonly bytes: number;
  /** Byte offset and type by name. */
  readonly fields: Readonly<Record<Name, { readonly at: number; readonly type: FieldType }>>;
}

export interface Block<Name extends string> {
  /** Byte address, for the kernel. */
  readonly at: number;
  set(name: Name, value: number): void;
  get(name: Name): number;
}

/** A block of its own, with every field set. */
export function createBlock<Name extends string>(
  memory: KernelMemory,
  layout: Layout<Name>,
  values: Readonly<Record<Name, number>>,
): Block<Name> {
  return blockAt(memory, memory.allocate(layout.bytes), layout, values);
}

/** Sets every field of a block at an address that is a multiple of 8. */
export function blockAt<Name extends string>(
  memory: KernelMemory,
  at: number,
  layout: Layout<Name>,
  values: Readonly<Record<Name, number>>,
): Block<Name> {
  const view = new DataView(memory.memory.buffer, at, layout.bytes);
  const block: Block<Name> = {
    at,
    set: (name, value) => {
      if (value === undefined) throw new TypeError(`The field ${name} of a kernel's block has no value.`);
      write(view, layout.fields[name], value);
    },
    get: (name) => read(view, layout.fields[name]),
  };
  for (const name of Object.keys(layout.fields) as Name[]) block.set(name, values[name]);
  return block;
}

type Field = Layout['fields'][string];

function write(view: DataView, { at, type }: Field, value: number): void {
  if (type === 'f32') view.setFloat32(at, value, true);
  else if (type === 'f64') view.setFloat64(at, value, true);
  else if (type === 'u64') view.setBigUint64(at, BigInt(value), true);
  else if (type === 'i32') view.setInt32(at, value, true);
  else view.setUint32(at, value, true);
}

function read(view: DataView, { at, type }: Field): number {
  if (type === 'f32') return view.getFloat32(at, true);
  if (type === 'f64') return view.getFloat64(at, true);
  if (type === 'u64') return Number(view.getBigUint64(at, true));
  return type === 'i32' ? view.getInt32(at, true) : view.getUint32(at, true);
}

/** n rounded up to a multiple of `step`. */
export function padded(n: number, step: number): number {
  return Math.ceil(n / step) * step;
}
