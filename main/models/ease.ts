import type { ModelDefinition, Scorer } from './model.ts';
import type { SparseRows } from './interactions.ts';
import { userItemMatrix } from './interactions.ts';
import { WorkbenchError } from '../errors.ts';

/**
 * EASE-R (Steck 2019): the linear model X ≈ X·B with a zero diagonal, in closed form. Users without history score 0
 * everywhere; an item without an interaction scores 0 for everybody.
 */
export const ease: ModelDefinition = {
  name: 'ease',
  title: 'EASE',
  kind: 'ranking',
  baseline: true,
  iterative: false,
  summary: 'One weight for every pair of items, solved exactly: what having one says about another.',
  goodWhen: 'Up to some ten thousand items; hard to beat when users have long histories.',
  cost: 'medium',
  equation: [
    'ŷ(u,i) = Σ_{j ∈ I_u} B_ji',
    'min ‖X − XB‖² + λ‖B‖², diag(B) = 0: B_ij = −P_ij / P_jj, P = (XᵀX + λI)⁻¹',
  ].join('\n'),
  reference: 'Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019, §3.1',
  parameters: [
    {
      name: 'regularization',
      title: 'Regularisation',
      type: 'number',
      default: 500,
      minimum: 0.1,
      maximum: 1_000_000,
      scale: 'log',
      effect: 'λ, in interactions. Higher: pairs of items must occur together more often to count.',
      group: 'training',
    },
  ],
  factories: {
    fused: async () => (await import('../kernels/ease.ts')).createEase,
    cpu: async () => (await import('./plain/ease.ts')).createEase,
  },
  scorer: (saved) => {
    const { itemCount } = saved.train;
    const matrix = saved.weights['itemWeights'] as Float32Array;
    return easeScorer(matrix, itemCount, itemCount, userItemMatrix(saved.train));
  },
};

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
