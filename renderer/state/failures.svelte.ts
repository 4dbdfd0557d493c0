import type { ErrorShape } from '../../shared/contract.ts';
import { asError } from '../transport/host.ts';

/** The last action that failed: shown as a note under the top bar until it is closed or another works. */
class Failures {
  latest = $state.raw<ErrorShape | null>(null);

  /** Runs an action of the person; what goes wrong is shown with its hint. Resolves to null then. */
  async attempt<T>(action: () => Promise<T>): Promise<T | null> {
    try {
      const value = await action();
      this.latest = null;
      return value;
    } catch (thrown) {
      this.latest = asError(thrown);
      return null;
    }
  }
}

export const failures = new Failures();
/** Runs an action of the person; what goes wrong is shown with its hint. */
export const attempt = <T>(action: () => Promise<T>): Promise<T | null> => failures.attempt(action);
