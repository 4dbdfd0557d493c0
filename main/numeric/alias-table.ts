/** Walker's alias method (1977): one uniform index and one coin draw from any distribution. */
export interface AliasTable {
  /** [n] chance that an index keeps itself. */
  readonly probability: Float32Array;
  /** [n] the outcome that is drawn where the first one is not kept. */
  readonly alias: Uint32Array;
}

/** Distribution of items by (train rows)^exponent; items without a row are never drawn unless the exponent is 0. */
export function aliasTable(
  train: { readonly item: Uint32Array; readonly itemCount: number },
  exponent: number,
): AliasTable {
  const n = train.itemCount;
  const counts = new Float64Array(n);
  for (const item of train.item) counts[item]++;
  const weights = counts.map((count) => (count === 0 && exponent !== 0 ? 0 : count ** exponent));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const scaled = weights.map((weight) => (total > 0 ? (weight / total) * n : 1));
  const probability = new Float32Array(n).fill(1);
  const alias = Uint32Array.from({ length: n }, (_, i) => i);
  const small: number[] = [];
  const large: number[] = [];
  scaled.forEach((weight, i) => (weight < 1 ? small : large).push(i));
  while (small.length > 0 && large.length > 0) {
    const little = small.pop() ?? 0;
    const big = large[large.length - 1];
    probability[little] = scaled[little];
    alias[little] = big;
    scaled[big] -= 1 - scaled[little];
    if (scaled[big] < 1) small.push(large.pop() ?? 0);
  }
  return { probability, alias };
}
