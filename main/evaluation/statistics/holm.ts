/** Adjusted p-values of a family of tests: step-down of Holm (1979), never below the raw value, never over 1. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, k) => k).sort((a, b) => pValues[a] - pValues[b]);
  const adjusted = new Array<number>(pValues.length);
  let highest = 0;
  order.forEach((k, step) => {
    highest = Math.max(highest, Math.min(1, pValues[k] * (pValues.length - step)));
    adjusted[k] = highest;
  });
  return adjusted;
}
