import type { Factors, Scorer } from './model.ts';

/**
 * Scores userConstant[u] + itemBias[i] + users[u]·items[i] in plain code, summed in float64: both methods give the same
 * bits. The factors are read, not copied.
 * @param userConstant [userCount] what predictions have and rankings need not
 */
export function factorScorer(factors: Factors, userConstant: Float32Array | null = null): Scorer {
  const { users: p, items: q, k, itemBias } = factors;
  const itemCount = q.length / k;
  const score = (user: number, item: number): number => {
    let sum = (itemBias?.[item] ?? 0) + (userConstant?.[user] ?? 0);
    const a = user * k;
    const b = item * k;
    for (let c = 0; c < k; c++) sum += p[a + c] * q[b + c];
    return sum;
  };
  return {
    factors,
    scoreUsers(users, out) {
      for (let b = 0; b < users.length; b++)
        for (let i = 0; i < itemCount; i++) out[b * itemCount + i] = score(users[b], i);
    },
    predict: (users, items) => Float32Array.from(users, (user, n) => score(user, items[n])),
  };
}
