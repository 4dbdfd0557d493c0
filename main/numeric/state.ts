/** Named arrays: weights, optimizer state, PRNG state, sampler position. Everything the next step depends on. */
export type ModelState = Record<string, Float32Array | Uint32Array | Float64Array | Uint8Array>;

/**
 * A state whose arrays are made when they are read, one after the other: for tables too large to be copied at once.
 * To be read before the model's next step.
 */
export function stateMadeWhenRead(make: Readonly<Record<string, () => ModelState[string]>>): ModelState {
  const properties = Object.entries(make).map(([name, get]) => [name, { get, enumerable: true }] as const);
  return Object.defineProperties({}, Object.fromEntries(properties));
}
