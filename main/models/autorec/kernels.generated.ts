/** Made from assembly/ by main/kernels/describe.ts (npm run build -- kernels): not to be edited. */
export const TILE = 128;
export const SCRATCH = 256;
export const ENTRY = 12;
export const AutoRec = {
  bytes: 116,
  fields: {
    features: { at: 0, type: 'u32' },
    hidden: { at: 4, type: 'u32' },
    tiles: { at: 8, type: 'u32' },
    batch: { at: 12, type: 'u32' },
    start: { at: 16, type: 'u32' },
    index: { at: 20, type: 'u32' },
    value: { at: 24, type: 'u32' },
    encoder: { at: 28, type: 'u32' },
    encoderFirst: { at: 32, type: 'u32' },
    encoderSecond: { at: 36, type: 'u32' },
    decoder: { at: 40, type: 'u32' },
    decoderFirst: { at: 44, type: 'u32' },
    decoderSecond: { at: 48, type: 'u32' },
    biases: { at: 52, type: 'u32' },
    biasesFirst: { at: 56, type: 'u32' },
    biasesSecond: { at: 60, type: 'u32' },
    biasesGradient: { at: 64, type: 'u32' },
    hiddenBatch: { at: 68, type: 'u32' },
    delta: { at: 72, type: 'u32' },
    error: { at: 76, type: 'u32' },
    errorStart: { at: 80, type: 'u32' },
    rowLoss: { at: 84, type: 'u32' },
    borders: { at: 88, type: 'u32' },
    listEnd: { at: 92, type: 'u32' },
    lists: { at: 96, type: 'u32' },
    optimizer: { at: 100, type: 'u32' },
    threshold: { at: 104, type: 'u32' },
    growth: { at: 108, type: 'f32' },
    scratch: { at: 112, type: 'u32' },
  },
} as const;
export const autorecBatch = { kernel: 'autorecBatch', takes: ['block', 'order', 'count', 'step', 'keyA', 'keyB'] } as const;
export const autorecEncode = { kernel: 'autorecEncode', takes: ['block', 'order', 'count', 'out'] } as const;
