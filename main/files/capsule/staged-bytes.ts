import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes that were staged: `split-N`, or `run-N-K`. */
export function stagedBytes(staging: string, name: string): Uint8Array {
  return readFileSync(join(staging, `${name}.bin`));
}
