import type { Moments } from '../numeric/optimizer.ts';
import type { ModelState } from '../numeric/state.ts';

/** Values of a table or a dense parameter, and what its optimizer remembers of them. */
export interface ParameterArrays extends Moments {
  readonly values: Float32Array;
  readonly steps: Uint32Array;
}

/** Copies under `name`, `name.first`, `name.second`, `name.steps`. */
export function parameterState(name: string, arrays: ParameterArrays): ModelState {
  return {
    [name]: arrays.values.slice(),
    [`${name}.first`]: arrays.first.slice(),
    [`${name}.second`]: arrays.second.slice(),
    [`${name}.steps`]: arrays.steps.slice(),
  };
}

/** Takes `parameterState` back. */
export function restoreParameter(name: string, state: ModelState, arrays: ParameterArrays): void {
  arrays.values.set(state[name]);
  arrays.first.set(state[`${name}.first`]);
  arrays.second.set(state[`${name}.second`]);
  arrays.steps.set(state[`${name}.steps`]);
}
