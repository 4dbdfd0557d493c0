/** Value of a function at `point` [n]; writes its gradient there into `gradient` [n]. */
export type Differentiable = (point: Float64Array, gradient: Float64Array) => number;

const MEMORY = 8;
const MOST_STEPS = 60;
/** The norm of the gradient, against that of the point, at which a minimum counts as reached. */
const TOLERANCE = 1e-7;

/**
 * A minimum of a convex function by L-BFGS with backtracking (Nocedal & Wright, Numerical Optimization, algorithms 7.4
 * and 7.5), from zero. Deterministic.
 */
export function minimize(n: number, f: Differentiable): Float64Array<ArrayBuffer> {
  let point = new Float64Array(n);
  let gradient = new Float64Array(n);
  let value = f(point, gradient);
  const steps: { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[] = [];
  for (let step = 0; step < MOST_STEPS; step++) {
    if (norm(gradient) <= TOLERANCE * Math.max(1, norm(point))) break;
    const direction = towards(gradient, steps);
    const slope = dot(direction, gradient);
    if (!(slope < 0)) break;
    let length = steps.length === 0 ? Math.min(1, 1 / norm(gradient)) : 1;
    let next = point;
    let nextGradient = new Float64Array(n);
    let nextValue = Infinity;
    for (let tries = 0; tries < 30; tries++, length /= 2) {
      next = point.map((x, c) => x + length * direction[c]);
      nextValue = f(next, nextGradient);
      if (nextValue <= value + 1e-4 * length * slope) break;
    }
    if (!(nextValue < value)) break;
    const s = next.map((x, c) => x - point[c]);
    const y = nextGradient.map((x, c) => x - gradient[c]);
    const curvature = dot(s, y);
    if (curvature > 1e-12) steps.push({ s, y, rho: 1 / curvature });
    if (steps.length > MEMORY) steps.shift();
    [point, gradient, value] = [next, nextGradient, nextValue];
    nextGradient = new Float64Array(n);
  }
  return point;
}

/** −H·gradient by the two-loop recursion. */
function towards(
  gradient: Float64Array,
  steps: readonly { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[],
): Float64Array {
  const q = gradient.slice();
  const weights: number[] = [];
  for (const { s, y, rho } of steps.toReversed()) {
    const weight = rho * dot(s, q);
    weights.unshift(weight);
    for (let c = 0; c < q.length; c++) q[c] -= weight * y[c];
  }
  const last = steps.at(-1);
  const scale = last ? 1 / (last.rho * dot(last.y, last.y)) : 1;
  for (let c = 0; c < q.length; c++) q[c] *= scale;
  steps.forEach(({ s, y, rho }, k) => {
    const back = rho * dot(y, q);
    for (let c = 0; c < q.length; c++) q[c] += (weights[k] - back) * s[c];
  });
  return q.map((x) => -x);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let c = 0; c < a.length; c++) sum += a[c] * b[c];
  return sum;
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}
