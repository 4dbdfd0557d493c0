/**
 * Ranking metrics the slow, plain way: every order of the tied candidates is written out, each metric taken on each
 * order by its definition, and averaged. Shares no code with the product.
 */

/** All orders of `scores` (index list) that sort them from high to low. */
export function ordersOf(scores: readonly number[]): number[][] {
  const levels = [...new Set(scores)].sort((a, b) => b - a);
  let orders: number[][] = [[]];
  for (const level of levels) {
    const tied = scores.flatMap((s, i) => (s === level ? [i] : []));
    orders = orders.flatMap((order) => permutations(tied).map((p) => [...order, ...p]));
  }
  return orders;
}

function permutations(values: readonly number[]): number[][] {
  if (values.length === 0) return [[]];
  return values.flatMap((value, i) =>
    permutations([...values.slice(0, i), ...values.slice(i + 1)]).map((rest) => [value, ...rest]),
  );
}

/** Metrics of one order: relevant[i] says whether the candidate in place i + 1 is a test item. */
function metricsOfOrder(relevant: readonly boolean[], cuts: readonly number[]): Record<string, number> {
  const all = relevant.filter(Boolean).length;
  const precisionAt = (place: number): number => relevant.slice(0, place).filter(Boolean).length / place;
  const averagePrecision = (k: number): number => {
    let sum = 0;
    for (let p = 1; p <= Math.min(k, relevant.length); p++) if (relevant[p - 1]) sum += precisionAt(p);
    return sum;
  };
  const found: Record<string, number> = {};
  for (const k of cuts) {
    const top = relevant.slice(0, k);
    const hits = top.filter(Boolean).length;
    const first = top.indexOf(true);
    let gain = 0;
    top.forEach((hit, p) => (gain += hit ? 1 / Math.log2(p + 2) : 0));
    let ideal = 0;
    for (let p = 0; p < Math.min(k, all); p++) ideal += 1 / Math.log2(p + 2);
    found[`hr@${k}`] = hits > 0 ? 1 : 0;
    found[`recall@${k}`] = hits / all;
    found[`precision@${k}`] = hits / k;
    found[`ndcg@${k}`] = gain / ideal;
    found[`mrr@${k}`] = first < 0 ? 0 : 1 / (first + 1);
    found[`map@${k}`] = averagePrecision(k) / Math.min(k, all);
  }
  found.map = averagePrecision(relevant.length) / all;
  let [won, pairs] = [0, 0];
  relevant.forEach((positive, p) => {
    if (!positive) return;
    relevant.forEach((other, q) => {
      if (other) return;
      pairs++;
      if (p < q) won++;
    });
  });
  found.auc = won / pairs;
  return found;
}

/** Mean of each metric over all orders of the ties. `positive[i]`: candidate i is a test item. */
export function expectedMetrics(
  scores: readonly number[],
  positive: readonly boolean[],
  cuts: readonly number[],
): Record<string, number> {
  const orders = ordersOf(scores);
  const sums: Record<string, number> = {};
  for (const order of orders) {
    const found = metricsOfOrder(
      order.map((i) => positive[i]),
      cuts,
    );
    for (const name in found) sums[name] = (sums[name] ?? 0) + found[name] / orders.length;
  }
  sums.tieRate =
    scores.filter((s, i) => positive[i] && scores.filter((t) => t === s).length > 1).length /
    positive.filter(Boolean).length;
  return sums;
}
