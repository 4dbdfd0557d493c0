/**
 * `npm run defaults:sample`: chooses what Caser is opened with on the sample, by NDCG@10 on validation alone (mean of
 * three seeds), among small networks that are done in seconds.
 */
import * as v from 'valibot';
import { RunConfig } from '../../shared/config.ts';
import { makeSplit } from '../../main/evaluation/splits/make-split.ts';
import { sampleDataset } from '../../main/files/sample-dataset.ts';
import { tuneTrial } from '../../main/training/loop.ts';
import { grid } from './rules.ts';

const { ratings } = sampleDataset();
const small = { embeddingSize: 24, length: 3, horizontalFilters: 4, verticalFilters: 2, epochs: 10 };
const tried = grid({ targets: [1, 2, 3], dropout: [0.2, 0.4], learningRate: [0.005, 0.01, 0.02] });
const found = [];
for (const { words, of } of tried) {
  const figures: { value: number; seconds: number }[] = [];
  for (const seed of [1, 2, 3]) {
    const parameters = { ...small, ...of({ users: 0, items: 0, ratings: 0 }) };
    const split = { name: 'leave-last-out' };
    const config = v.parse(RunConfig, { model: 'caser', parameters, seed, split, evaluation: { k: [10] } });
    const trial = { ratings, split: makeSplit(ratings, config.split), config };
    const { validation, seconds } = await tuneTrial(trial, null);
    figures.push({ value: validation['ndcg@10'], seconds: seconds.train });
  }
  const mean = (pick: 'value' | 'seconds'): number =>
    figures.reduce((sum, figure) => sum + figure[pick], 0) / figures.length;
  found.push({ words, value: mean('value') });
  console.log(`${words}: NDCG@10 ${mean('value').toFixed(4)} on validation, ${mean('seconds').toFixed(1)} s`);
}
const best = found.reduce((a, b) => (b.value > a.value ? b : a));
console.log(`best: ${best.words}`);
process.exit(0);
