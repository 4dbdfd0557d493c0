// Everything the kernels export: one file a family. An export called through Kernels.run gets (thread, threads, …).
export * from './selftest';
export { orderCount, orderPlaces, orderScatter } from './order';
export * from './mf';
export * from './bpr';
export * from './neumf';
export * from './neumf-scores';
export * from './ials';
export * from './ease';
export * from './autorec';
export * from './ranking';
export * from './caser';
