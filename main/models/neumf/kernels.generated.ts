/** Made from assembly/ by main/kernels/describe.ts (npm run build -- kernels): not to be edited. */
export const LOG = 0;
export const BPR = 1;
export const CHUNK_FIELDS = 64;
export const Neumf = {
  bytes: 148,
  fields: {
    users: { at: 0, type: 'u32' },
    items: { at: 4, type: 'u32' },
    data: { at: 8, type: 'u32' },
    optimizer: { at: 12, type: 'u32' },
    weights: { at: 16, type: 'u32' },
    first: { at: 20, type: 'u32' },
    second: { at: 24, type: 'u32' },
    weightBytes: { at: 28, type: 'u32' },
    shardGradients: { at: 32, type: 'u32' },
    losses: { at: 36, type: 'u32' },
    random: { at: 40, type: 'u32' },
    shards: { at: 44, type: 'u32' },
    groupSize: { at: 48, type: 'u32' },
    loss: { at: 52, type: 'i32' },
    gmf: { at: 56, type: 'u32' },
    mlp: { at: 60, type: 'u32' },
    layers: { at: 64, type: 'u32' },
    layer: { at: 68, type: 'u32' },
    head: { at: 72, type: 'u32' },
    headBias: { at: 76, type: 'u32' },
    chunkGroups: { at: 80, type: 'u32' },
    shardGroups: { at: 84, type: 'u32' },
    batchUsers: { at: 88, type: 'u32' },
    batchItems: { at: 92, type: 'u32' },
    userGradients: { at: 96, type: 'u32' },
    itemGradients: { at: 100, type: 'u32' },
    scratch: { at: 104, type: 'u32' },
    scratchBytes: { at: 108, type: 'u32' },
    links: { at: 112, type: 'u32' },
    linkSlots: { at: 116, type: 'u32' },
    hardestOf: { at: 120, type: 'u32' },
    keyLow: { at: 124, type: 'u32' },
    keyHigh: { at: 128, type: 'u32' },
    permutationBits: { at: 132, type: 'u32' },
    batches: { at: 136, type: 'u32' },
    groupsPerBatch: { at: 140, type: 'u32' },
    given: { at: 144, type: 'u32' },
  },
} as const;
export const Layer = {
  bytes: 28,
  fields: {
    inputs: { at: 0, type: 'u32' },
    outputs: { at: 4, type: 'u32' },
    weights: { at: 8, type: 'u32' },
    bias: { at: 12, type: 'u32' },
    active: { at: 16, type: 'u32' },
    delta: { at: 20, type: 'u32' },
    transposed: { at: 24, type: 'u32' },
  },
} as const;
export const Chunk = {
  bytes: 44,
  fields: {
    scratch: { at: 0, type: 'u32' },
    groups: { at: 4, type: 'u32' },
    users: { at: 8, type: 'u32' },
    items: { at: 12, type: 'u32' },
    userRows: { at: 16, type: 'u32' },
    itemRows: { at: 20, type: 'u32' },
    userHalf: { at: 24, type: 'u32' },
    userDelta: { at: 28, type: 'u32' },
    logits: { at: 32, type: 'u32' },
    deltas: { at: 36, type: 'u32' },
    weighted: { at: 40, type: 'u32' },
  },
} as const;
export const neumfTrain = { kernel: 'neumfTrain', takes: ['block', 'first', 'count'] } as const;
export const neumfGradients = { kernel: 'neumfGradients', takes: ['block', 'groups'] } as const;
export const neumfScore = { kernel: 'neumfScore', takes: ['block', 'users', 'items', 'groups', 'out'] } as const;
export const neumfItemHalf = { kernel: 'neumfItemHalf', takes: ['block', 'out'] } as const;
export const neumfScoreUsers = { kernel: 'neumfScoreUsers', takes: ['block', 'users', 'n', 'half', 'out'] } as const;
export const neumfScratch = { kernel: 'neumfScratch', takes: ['training', 'scoring', 'work'] } as const;
