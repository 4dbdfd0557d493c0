/** Made from assembly/ by main/kernels/describe.ts (npm run build -- kernels): not to be edited. */
export const SGD = 0;
export const ADAGRAD = 1;
export const ADAM = 2;
export const ROW_ADAGRAD = 3;
export const ROW_RMSPROP = 4;
export const ROW_ADAM = 5;
export const CORRECTIONS = 16384;
export const BARRIER_COUNT = 1024;
export const BARRIER_GENERATION = 1088;
export const ABORTED = 1152;
export const COMMAND = 1216;
export const KERNEL = 1280;
export const ARGUMENT_COUNT = 1284;
export const DONE = 1344;
export const ARGUMENTS = 1408;
export const MAXIMUM_ARGUMENTS = 24;
export const FIRST_BYTE = 65536;
export const NO_ROW = 4294967295;
export const NO_BIAS = 4294967295;
export const Optimizer = {
  bytes: 40,
  fields: {
    kind: { at: 0, type: 'i32' },
    rate: { at: 4, type: 'f32' },
    coupled: { at: 8, type: 'f32' },
    decoupled: { at: 12, type: 'f32' },
    beta1: { at: 16, type: 'f32' },
    beta2: { at: 20, type: 'f32' },
    epsilon: { at: 24, type: 'f32' },
    corrections: { at: 28, type: 'u32' },
    rest1: { at: 32, type: 'f32' },
    rest2: { at: 36, type: 'f32' },
  },
} as const;
export const Interactions = {
  bytes: 40,
  fields: {
    start: { at: 0, type: 'u32' },
    item: { at: 4, type: 'u32' },
    seen: { at: 8, type: 'u32' },
    seenBytes: { at: 12, type: 'u32' },
    sorted: { at: 16, type: 'u32' },
    items: { at: 20, type: 'u32' },
    rows: { at: 24, type: 'u32' },
    user: { at: 28, type: 'u32' },
    probability: { at: 32, type: 'u32' },
    alias: { at: 36, type: 'u32' },
  },
} as const;
export const Table = {
  bytes: 32,
  fields: {
    weights: { at: 0, type: 'u32' },
    first: { at: 4, type: 'u32' },
    second: { at: 8, type: 'u32' },
    steps: { at: 12, type: 'u32' },
    heads: { at: 16, type: 'u32' },
    rows: { at: 20, type: 'u32' },
    bytes: { at: 24, type: 'u32' },
    dense: { at: 28, type: 'u32' },
  },
} as const;
export const testBarrier = { kernel: 'testBarrier', takes: ['counters', 'rounds'] } as const;
export const testTrap = { kernel: 'testTrap', takes: ['who'] } as const;
export const testMath = { kernel: 'testMath', takes: ['x', 'out', 'n'] } as const;
export const testRandom = { kernel: 'testRandom', takes: ['state', 'out', 'n'] } as const;
export const testGemm = { kernel: 'testGemm', takes: ['a', 'aRow', 'aColumn', 'b', 'bRow', 'c', 'cRow', 'm', 'n', 'k', 'accumulate'] } as const;
export const testTriad = { kernel: 'testTriad', takes: ['a', 'b', 'c', 'n'] } as const;
export const testProducts = { kernel: 'testProducts', takes: ['a', 'b', 'c', 'n', 'times'] } as const;
export const testUpdateRow = { kernel: 'testUpdateRow', takes: ['optimizer', 'w', 'g', 'm', 'v', 'bytes', 'times'] } as const;
export const testUpdateRowWise = { kernel: 'testUpdateRowWise', takes: ['optimizer', 'w', 'g', 'm', 'v', 'bytes', 'width', 'bias', 'times'] } as const;
export const testNegatives = { kernel: 'testNegatives', takes: ['data', 'state', 'user', 'out', 'n'] } as const;
