import { WorkbenchError } from '../base/errors.ts';

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new WorkbenchError('cancelled', 'The import was cancelled.', 'Nothing was stored.');
}
