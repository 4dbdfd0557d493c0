import type { Scorer } from '../../../main/model/model.ts';

/** A scorer that looks scores up in a function of user and item. */
export function scorerOf(itemCount: number, score: (user: number, item: number) => number): Scorer {
  return {
    scoreUsers(users, out) {
      users.forEach((u, k) => {
        for (let i = 0; i < itemCount; i++) out[k * itemCount + i] = score(u, i);
      });
    },
    predict: (users, items) => Float32Array.from(users, (u, k) => score(u, items[k])),
  };
}
