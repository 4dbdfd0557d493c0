/** Buffers in the kernels' shared memory. */
import { FIRST_BYTE } from './kernels.generated.ts';

const PAGE = 65536;
const ALIGNMENT = 64;
const GUARD = 0x5afe5afe;
const GUARD_BYTES = 64;

/** A buffer: its address for the kernels and its contents for JS. No copies in between. */
export interface Buffer<T> {
  /** Byte address. */
  readonly at: number;
  readonly data: T;
}

/**
 * Bump allocator over one shared WebAssembly.Memory: 64-byte aligned, zeroed, grown as needed. Shared memory never
 * moves: a view stays valid while memory grows, until its mark is released.
 */
export class KernelMemory {
  readonly memory: WebAssembly.Memory;
  readonly #guards: number[] | null;
  #top = FIRST_BYTE;
  /** End of all that was ever allocated. */
  #highest = FIRST_BYTE;

  /** @param guards put guard words between buffers, which `brokenGuards` checks (tests). */
  constructor(guards = false) {
    this.memory = sharedMemory();
    this.#guards = guards ? [] : null;
  }

  /** Bytes taken so far. */
  get used(): number {
    return this.#top - FIRST_BYTE;
  }

  /** Address of `bytes` zeroed bytes. Throws RangeError when the 4 GB that WASM can address are used up. */
  allocate(bytes: number): number {
    const at = this.#top;
    const end = at + Math.ceil(bytes / ALIGNMENT) * ALIGNMENT + (this.#guards ? GUARD_BYTES : 0);
    if (end > PAGE * 65536)
      throw new RangeError('The model needs more than the 4 GB that its kernels can address.');
    const missing = end - this.memory.buffer.byteLength;
    if (missing > 0) this.#grow(Math.ceil(missing / PAGE));
    this.#top = end;
    // Memory that was never used is zero, and not the system's to find until somebody writes to it.
    const used = Math.min(end, this.#highest) - at;
    if (used > 0) new Uint8Array(this.memory.buffer, at, used).fill(0);
    this.#highest = Math.max(this.#highest, end);
    if (this.#guards) {
      this.#guards.push(end - GUARD_BYTES);
      new Uint32Array(this.memory.buffer, end - GUARD_BYTES, GUARD_BYTES / 4).fill(GUARD);
    }
    return at;
  }

  /** `n` zeros, f32. */
  f32(n: number): Buffer<Float32Array> {
    const at = this.allocate(n * 4);
    return { at, data: new Float32Array(this.memory.buffer, at, n) };
  }

  /** `n` zeros, f64. */
  f64(n: number): Buffer<Float64Array> {
    const at = this.allocate(n * 8);
    return { at, data: new Float64Array(this.memory.buffer, at, n) };
  }

  /** `n` zeros, u32. */
  u32(n: number): Buffer<Uint32Array> {
    const at = this.allocate(n * 4);
    return { at, data: new Uint32Array(this.memory.buffer, at, n) };
  }

  /** `n` zeros, bytes. */
  u8(n: number): Buffer<Uint8Array> {
    const at = this.allocate(n);
    return { at, data: new Uint8Array(this.memory.buffer, at, n) };
  }

  /** A copy of `values` in kernel memory. */
  copyU32(values: Uint32Array): Buffer<Uint32Array> {
    const buffer = this.u32(values.length);
    buffer.data.set(values);
    return buffer;
  }

  /** A copy of `values` in kernel memory. */
  copyF32(values: Float32Array): Buffer<Float32Array> {
    const buffer = this.f32(values.length);
    buffer.data.set(values);
    return buffer;
  }

  /** The present top, for `release`. */
  mark(): number {
    return this.#top;
  }

  /** Gives back everything that was allocated after the mark (models live one inside the other, or in turn). */
  release(mark: number): void {
    this.#top = mark;
    if (this.#guards)
      while (this.#guards.length > 0 && this.#guards[this.#guards.length - 1] >= mark) this.#guards.pop();
  }

  /** Addresses of guard words that a kernel has overwritten. */
  brokenGuards(): number[] {
    return (this.#guards ?? []).filter((at) =>
      new Uint32Array(this.memory.buffer, at, GUARD_BYTES / 4).some((word) => word !== GUARD),
    );
  }

  #grow(pages: number): void {
    // By a quarter at least, so that many small buffers do not grow it one by one.
    const generous = Math.max(pages, Math.floor(this.memory.buffer.byteLength / PAGE / 4));
    try {
      this.memory.grow(generous);
    } catch {
      try {
        this.memory.grow(pages);
      } catch {
        throw new RangeError(
          `There is no memory for ${Math.round((pages * PAGE) / 2 ** 20)} MB more of model.`,
        );
      }
    }
  }
}

/** Some systems do not grant the address range of 4 GB: then as much of it as there is. */
function sharedMemory(): WebAssembly.Memory {
  let failure: unknown;
  for (const maximum of [65536, 32768, 16384, 8192]) {
    try {
      return new WebAssembly.Memory({ initial: 16, maximum, shared: true });
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
