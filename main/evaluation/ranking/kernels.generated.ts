/** Made from assembly/ by main/kernels/describe.ts (npm run build -- kernels): not to be edited. */
export const BLOCK = 16;
export const Ranking = {
  bytes: 96,
  fields: {
    itemCount: { at: 0, type: 'u32' },
    stride: { at: 4, type: 'u32' },
    factors: { at: 8, type: 'u32' },
    users: { at: 12, type: 'u32' },
    panels: { at: 16, type: 'u32' },
    bias: { at: 20, type: 'u32' },
    scores: { at: 24, type: 'u32' },
    positiveStart: { at: 28, type: 'u32' },
    positives: { at: 32, type: 'u32' },
    seenStart: { at: 36, type: 'u32' },
    seen: { at: 40, type: 'u32' },
    excluded: { at: 44, type: 'u32' },
    excludedCount: { at: 48, type: 'u32' },
    listLength: { at: 52, type: 'u32' },
    above: { at: 56, type: 'u32' },
    equal: { at: 60, type: 'u32' },
    candidates: { at: 64, type: 'u32' },
    listItems: { at: 68, type: 'u32' },
    listScores: { at: 72, type: 'u32' },
    listCount: { at: 76, type: 'u32' },
    constantUsers: { at: 80, type: 'u32' },
    notNumbers: { at: 84, type: 'u32' },
    heap: { at: 88, type: 'u32' },
    heapBytes: { at: 92, type: 'u32' },
  },
} as const;
export const packPanels = { kernel: 'packPanels', takes: ['items', 'stride', 'count', 'k', 'panels'] } as const;
export const rankByFactors = { kernel: 'rankByFactors', takes: ['block', 'from', 'to'] } as const;
export const rankByScores = { kernel: 'rankByScores', takes: ['block', 'first', 'count'] } as const;
