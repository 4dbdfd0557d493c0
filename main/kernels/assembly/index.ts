// What every model may call. An export called through Kernels.run gets (thread, threads, …).
export * from './selftest';
