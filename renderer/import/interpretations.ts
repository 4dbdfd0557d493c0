/** What the engine took for what, as the steps of the wizard show it. */
import type { Interpretation } from '../../shared/imports.ts';

/** Those that a person should look at. */
export function doubtsOf(interpretations: readonly Interpretation[] = []): Interpretation[] {
  return interpretations.filter(({ weight }) => weight !== 'told');
}
