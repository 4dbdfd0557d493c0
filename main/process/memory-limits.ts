/** How a process is told to hold little memory; the same for both hosts, which take the words in different places. */
import type { Role } from './channel.ts';

/**
 * A trainer's memory is in arrays and kernels; V8's young generation would take another 30 MB for what an evaluation
 * throws away, and its old one some 10 MB before it looks for garbage. Kernels and TensorFlow train as fast with less.
 */
export function v8FlagsOf(role: Role): string[] {
  return role === 'trainer' ? ['--max-semi-space-size=1', '--optimize-for-size'] : [];
}

/** glibc would keep freed arrays of up to 32 MB for the next, which rarely fits; others' malloc does not read these. */
export function allocatorOf(role: Role): Record<string, string> {
  return role === 'trainer' ? { MALLOC_MMAP_THRESHOLD_: '1048576', MALLOC_ARENA_MAX: '2' } : {};
}
