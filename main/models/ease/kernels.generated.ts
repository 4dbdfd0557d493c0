/** Made from assembly/ by main/kernels/describe.ts (npm run build -- kernels): not to be edited. */
export const B = 64;
export const PANEL = 2048;
export const INVERSE = 49152;
export const easeGram = { kernel: 'easeGram', takes: ['matrix', 'size', 'items', 'itemStart', 'itemUsers', 'userStart', 'userItems', 'lambda', 'first', 'last'] } as const;
export const easePanels = { kernel: 'easePanels', takes: ['matrix', 'size', 'k', 'inverse', 'column', 'swept'] } as const;
export const easeUpdate = { kernel: 'easeUpdate', takes: ['matrix', 'size', 'k', 'inverse', 'column', 'swept', 'first', 'last'] } as const;
export const easeWeights = { kernel: 'easeWeights', takes: ['matrix', 'size', 'diagonal', 'first', 'last'] } as const;
export const easeScore = { kernel: 'easeScore', takes: ['matrix', 'size', 'users', 'first', 'last', 'userStart', 'userItems', 'out'] } as const;
