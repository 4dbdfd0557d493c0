// Everything the kernels export: one file a family. An export called through Kernels.run gets (thread, threads, …).
export * from './selftest';
