/** Half width of a 95 % interval in standard errors. */
export const Z95 = 1.959963984540054;

/**
 * P(|Z| ≥ |z|) of a standard normal Z, relative error below 1.2e-7 (Chebyshev fit of erfc, Press et al., Numerical
 * Recipes, §6.2).
 */
export function twoSidedP(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const coefficients = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
    1.00002368, -1.26551223,
  ];
  const polynomial = coefficients.reduce((sum, c) => sum * t + c, 0);
  return Math.min(1, t * Math.exp(-x * x + polynomial));
}

/** z with P(Z ≤ z) = p for p in (0, 1), relative error below 1.2e-9 (Acklam's rational approximation). */
export function normalQuantile(p: number): number {
  const a = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
    2.506628277459239,
  ];
  const b = [
    -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
  ];
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
  const horner = (coefficients: number[], x: number): number =>
    coefficients.reduce((sum, k) => sum * x + k, 0);
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return horner(c, q) / horner(d, q);
  }
  const q = p - 0.5;
  return (q * horner(a, q * q)) / horner(b, q * q);
}
