import { listDefaults, type ExposureMetric } from './metric.ts';

export const coverage: ExposureMetric = {
  ...listDefaults,
  name: 'coverage',
  title: 'Coverage',
  perUser: false,
  definition: 'Share of the items of the data set that are in the first K of at least one evaluated user.',
  formula: 'items in lists ÷ items',
  latex: String.raw`\frac{\text{items in lists}}{\text{items}}`,
  reference: 'Ge et al., Beyond accuracy: coverage and serendipity, RecSys 2010',
  ofExposure(counts) {
    let shown = 0;
    for (const count of counts) if (count > 0) shown++;
    return shown / counts.length;
  },
};
