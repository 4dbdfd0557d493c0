/** Made from assembly/ by main/kernels/describe.ts (npm run build -- kernels): not to be edited. */
export const BPR = 0;
export const HINGE = 1;
export const UNIFORM = 0;
export const POPULARITY = 1;
export const DYNAMIC = 2;
export const ATTEMPTS = 64;
export const NO_NEGATIVE = 4294967295;
export const Bpr = {
  bytes: 192,
  fields: {
    userCount: { at: 0, type: 'u32' },
    itemCount: { at: 4, type: 'u32' },
    rowBytes: { at: 8, type: 'u32' },
    sampleCount: { at: 12, type: 'u32' },
    copies: { at: 16, type: 'u32' },
    batchSize: { at: 20, type: 'u32' },
    batchCount: { at: 24, type: 'u32' },
    start: { at: 28, type: 'u32' },
    item: { at: 32, type: 'u32' },
    value: { at: 36, type: 'u32' },
    userBounds: { at: 40, type: 'u32' },
    itemBounds: { at: 44, type: 'u32' },
    batchOf: { at: 48, type: 'u32' },
    cursor: { at: 52, type: 'u32' },
    sampleUser: { at: 56, type: 'u32' },
    sampleItem: { at: 60, type: 'u32' },
    sampleValue: { at: 64, type: 'u32' },
    users: { at: 68, type: 'u32' },
    items: { at: 72, type: 'u32' },
    optimizer: { at: 76, type: 'u32' },
    dense: { at: 80, type: 'u32' },
    stepsDone: { at: 84, type: 'u32' },
    slope: { at: 88, type: 'u32' },
    loss: { at: 92, type: 'u32' },
    negative: { at: 96, type: 'u32' },
    oldUsers: { at: 100, type: 'u32' },
    head: { at: 104, type: 'u32' },
    next: { at: 108, type: 'u32' },
    touched: { at: 112, type: 'u32' },
    gradient: { at: 116, type: 'u32' },
    gradientBytes: { at: 120, type: 'u32' },
    orderKey: { at: 124, type: 'u32' },
    leftBits: { at: 128, type: 'u32' },
    rightBits: { at: 132, type: 'u32' },
    lossSum: { at: 136, type: 'f64' },
    oldRow: { at: 144, type: 'u32' },
    zeroRow: { at: 148, type: 'u32' },
    spare: { at: 152, type: 'u32' },
    lossKind: { at: 156, type: 'u32' },
    margin: { at: 160, type: 'f32' },
    sampling: { at: 164, type: 'u32' },
    candidates: { at: 168, type: 'u32' },
    aliasShare: { at: 172, type: 'u32' },
    aliasOther: { at: 176, type: 'u32' },
    bitset: { at: 180, type: 'u32' },
    bitsetWords: { at: 184, type: 'u32' },
    negativeKey: { at: 188, type: 'u32' },
  },
} as const;
export const bprBatches = { kernel: 'bprBatches', takes: ['block', 'from', 'to'] } as const;
