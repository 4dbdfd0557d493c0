import { WorkbenchError } from '../../base/errors.ts';
import type { Scorer } from '../../model/model.ts';
import type { SparseRows } from '../../numeric/sparse-rows.ts';

/** Items² × 4 bytes are held at once. */
const MOST_ITEMS = 20_000;

/** Throws WorkbenchError `too-large` where the item × item matrix would not fit. */
export function refuseTooManyItems(itemCount: number): void {
  if (itemCount <= MOST_ITEMS) return;
  const gigabytes = ((itemCount ** 2 * 4) / 1e9).toFixed(1);
  throw new WorkbenchError(
    'too-large',
    `EASE-R keeps a weight for every pair of items: ${itemCount} items would take ${gigabytes} GB.`,
    `Keep the items with the most interactions (at most ${MOST_ITEMS}), or use iALS or ItemKNN.`,
  );
}

/**
 * Scores as sums of the matrix's rows over the user's items, ascending, in float32 (the kernel's order: the same bits).
 * @param matrix [items, stride], row-major
 */
export function easeScorer(
  matrix: Float32Array,
  itemCount: number,
  stride: number,
  history: SparseRows,
): Scorer & { readonly history: SparseRows } {
  return {
    history,
    scoreUsers(users, out) {
      out.fill(0, 0, users.length * itemCount);
      for (let b = 0; b < users.length; b++) {
        const at = b * itemCount;
        for (let n = history.start[users[b]]; n < history.start[users[b] + 1]; n++) {
          const from = history.index[n] * stride;
          for (let i = 0; i < itemCount; i++) out[at + i] += matrix[from + i];
        }
      }
    },
    predict: (users, items) =>
      Float32Array.from(users, (user, p) => {
        let sum = 0;
        for (let n = history.start[user]; n < history.start[user + 1]; n++)
          sum = Math.fround(sum + matrix[history.index[n] * stride + items[p]]);
        return sum;
      }),
  };
}

/**
 * Mean of (X − XB)² over all users and items: Σ_j (1 / P_jj − λ(1 + ‖B_·j‖²)) ÷ (users · items), which follows from
 * I − B = P·diag(P)⁻¹ and XᵀX = P⁻¹ − λI.
 * @param matrix B [items, stride]
 * @param inversePrecision [items] 1 / P_jj
 */
export function easeLoss(
  matrix: Float32Array,
  stride: number,
  inversePrecision: ArrayLike<number>,
  lambda: number,
  users: number,
): number {
  const items = inversePrecision.length;
  let loss = 0;
  for (let j = 0; j < items; j++) loss += inversePrecision[j] - lambda;
  for (let i = 0; i < items; i++)
    for (let j = 0; j < items; j++) loss -= lambda * matrix[i * stride + j] ** 2;
  return Math.max(0, loss) / Math.max(1, users * items);
}
