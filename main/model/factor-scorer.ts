import type { Factors, Scorer } from './model.ts';

/**
 * Scores userConstant[u] + itemBias[i] + users[u]·items[i] in plain code, summed in float64: both methods give the same
 * bits. The factors are read, not copied.
 * @param userConstant [userCount] what predictions have and rankings need not
 */
export function factorScorer(factors: Factors, userConstant: Float32Array | null = null): Scorer {
  const { items: q, k, itemBias } = factors;
  const itemCount = q.length / k;
  const rowOf = userRows(factors);
  const score = (user: number, item: number): number => {
    let sum = (itemBias?.[item] ?? 0) + (userConstant?.[user] ?? 0);
    const { values: p, at: a } = rowOf(user);
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
    predict(users, items) {
      // Not Float32Array.from, which first makes a list of all numbers as objects.
      const predicted = new Float32Array(users.length);
      for (let n = 0; n < users.length; n++) predicted[n] = score(users[n], items[n]);
      return predicted;
    },
  };
}

/** Where a user's row is: in the table, or written to one place, where that of the last user is kept. */
function userRows(
  factors: Factors,
): (user: number) => { readonly values: Float32Array; readonly at: number } {
  const { k, writeUser } = factors;
  if (!writeUser) {
    const place = { values: factors.users, at: 0 };
    return (user) => {
      place.at = user * k;
      return place;
    };
  }
  const row = { values: new Float32Array(k), at: 0 };
  let written = -1;
  return (user) => {
    if (user !== written) writeUser(user, row.values, 0);
    written = user;
    return row;
  };
}
