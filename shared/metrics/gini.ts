import { listDefaults, type ExposureMetric } from './metric.ts';

export const gini: ExposureMetric = {
  ...listDefaults,
  name: 'gini',
  title: 'Gini',
  perUser: false,
  better: 'lower',
  definition:
    'Inequality of how often the items of the data set are recommended in the first K: 0 all alike, near 1 a few items take all.',
  formula: 'Σ (2i − n − 1) xᵢ ÷ (n Σ xᵢ), xᵢ ascending counts of the n items',
  latex: String.raw`\frac{\sum_{i=1}^{n} (2i - n - 1)\, x_i}{n \sum_{i=1}^{n} x_i}, \quad x_1 \le \dots \le x_n \text{ counts in lists}`,
  reference: 'Fleder & Hosanagar, Blockbuster culture’s next rise or fall, Management Science 2009',
  ofExposure(counts) {
    const sorted = counts.slice().sort();
    const n = sorted.length;
    let weighted = 0;
    let total = 0;
    for (let i = 0; i < n; i++) {
      weighted += (2 * (i + 1) - n - 1) * sorted[i];
      total += sorted[i];
    }
    // Nothing shown is nothing unequal.
    return total > 0 ? weighted / (n * total) : 0;
  },
};
