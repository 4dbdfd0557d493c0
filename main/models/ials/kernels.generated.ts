/** Made from assembly/ by main/kernels/describe.ts (npm run build -- kernels): not to be edited. */
export const SHARDS = 16;
export const WORK_ROWS = 3;
export const ialsGram = { kernel: 'ialsGram', takes: ['table', 'rows', 'width', 'weight', 'shards', 'gram'] } as const;
export const ialsSolve = { kernel: 'ialsSolve', takes: ['table', 'other', 'gram', 'width', 'start', 'index', 'regularization', 'loss', 'last', 'steps', 'scratch', 'next'] } as const;
