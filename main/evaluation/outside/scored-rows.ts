/** Scores that another tool gave to pairs of users and items, as they were read. */
export interface ScoredRows {
  /** [n] */
  readonly user: Uint32Array;
  readonly item: Uint32Array;
  /** Higher is better. Finite. */
  readonly score: Float64Array;
  /** [n] places within the list of the user, 1 the best: they order what has one score. */
  readonly place: Float64Array;
}

/** Numbers of the rows of each user, in their order: of user u, order[start[u] … start[u + 1] − 1]. */
export function rowsByUser(
  { user }: Pick<ScoredRows, 'user'>,
  userCount: number,
): { readonly start: Uint32Array; readonly order: Uint32Array } {
  const start = new Uint32Array(userCount + 1);
  for (const u of user) start[u + 1]++;
  for (let u = 0; u < userCount; u++) start[u + 1] += start[u];
  const next = start.slice();
  const order = new Uint32Array(user.length);
  for (let row = 0; row < user.length; row++) order[next[user[row]]++] = row;
  return { start, order };
}
