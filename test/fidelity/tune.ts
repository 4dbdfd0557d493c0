/**
 * `node test/fidelity/tune.ts --preset name`: trains a declared grid around a preset with early stopping, prints each
 * setting's target on validation and names the best one with its epoch. The test part is never evaluated, so that no
 * choice can lean on it.
 */
import { parseArgs } from 'node:util';
import type { ParameterValue, Parameters, RunConfig } from '../../shared/config.ts';
import { makeSplit } from '../../main/evaluation/splits/make-split.ts';
import { median } from '../../main/training/measure.ts';
import { runTrial } from '../../main/training/loop.ts';
import { defaultServices } from '../../main/training/services.ts';
import { isBetter, valueOf } from '../../main/training/targets.ts';
import type { TrialServices } from '../../main/training/trial.ts';
import { sharedData } from '../fixtures/shared-data.ts';
import { loadData } from './data.ts';
import { configOf } from './one.ts';
import { rows } from './rows.ts';

interface Grid {
  readonly seeds: readonly number[];
  /** Most epochs of a setting; early stopping ends most of them before. */
  readonly epochs: number;
  readonly patience: number;
  /** Every combination is trained; what is not named stays as the preset has it. */
  readonly values: Readonly<Record<string, readonly ParameterValue[]>>;
}

const pairs = { seeds: [1, 2, 3], epochs: 120, patience: 10 } as const;

const grids: Readonly<Record<string, Grid>> = {
  'bpr-ml100k': {
    ...pairs,
    values: { learningRate: [0.001, 0.002, 0.004, 0.008], regularization: [1e-6, 1e-5, 1e-4] },
  },
  'hinge-ml100k': {
    ...pairs,
    values: { learningRate: [0.0008, 0.0015, 0.003, 0.006], regularization: [1e-6, 1e-5, 1e-4] },
  },
  // What reaches the figure soonest is wanted: falling rates, rates up to .03 and first factors up to .1 were tried as well.
  'mf-ml1m': {
    ...{ seeds: [1, 2], epochs: 40, patience: 4 },
    values: { learningRate: [0.01, 0.015, 0.02], regularization: [0.03, 0.04] },
  },
  // What reaches the figure soonest is wanted. A first round of 24 to 48 epochs tried SGD (rates .03 to .12, decays .001 to
  // .01), row-wise Adagrad (.1 to .4, 0 to .02) and row-wise RMSprop (.004 to .016, 1e-4 to .001): after 6 epochs .209 to
  // .223, .218 to .239, .213 to .231. Batches of 32,768 under Adam took 20 epochs to .235 and 60 to .285.
  'bpr-ml1m': {
    ...{ seeds: [1], epochs: 120, patience: 8 },
    values: { learningRate: [0.12, 0.2, 0.3], regularization: [0.006, 0.008] },
  },
  'ials-ml100k': {
    ...{ seeds: [1, 2, 3], epochs: 20, patience: 5 },
    values: { unobservedWeight: [0.1, 0.2, 0.3, 0.5], regularization: [0.003, 0.01, 0.03] },
  },
  // A first round with sizes 64 and 128, weights .2 to .8 and .003 to .012 ended at its edge, 128, .8, .003; a second
  // with weights .8 and 1.6 and .0015 and .003 at 1.6, .0015. This third one is flat: .0497 to .0498 at .0008.
  'ials-ml1m': {
    ...{ seeds: [1], epochs: 20, patience: 5 },
    values: { embeddingSize: [128], unobservedWeight: [1.6, 3.2], regularization: [0.0008, 0.0015] },
  },
};

interface Tried {
  readonly setting: Parameters;
  /** Means over the seeds of the target on validation, at each seed's best epoch. */
  readonly value: number;
  readonly bestEpochs: readonly number[];
}

/** All combinations of a grid, the last name's values varying fastest. */
function settingsOf(values: Grid['values']): Parameters[] {
  return Object.entries(values).reduce<Parameters[]>(
    (settings, [name, options]) =>
      settings.flatMap((setting) => options.map((value) => ({ ...setting, [name]: value }))),
    [{}],
  );
}

/** What would be evaluated on test is evaluated on validation instead. */
async function blindServices(): Promise<TrialServices> {
  const services = await defaultServices();
  return { ...services, evaluate: (request) => services.evaluate({ ...request, part: 'validation' }) };
}

async function tune(name: string, grid: Grid): Promise<void> {
  const row = rows.find(({ preset }) => preset === name);
  if (!row) throw new Error(`no row of rows.ts trains the preset ${name}`);
  const { ratings, given } = loadData(row.data);
  const services = await blindServices();
  const split = makeSplit(ratings, configOf(row, 1, 0).split, given);
  let best: Tried | null = null;
  for (const setting of settingsOf(grid.values)) {
    const values: number[] = [];
    const bestEpochs: number[] = [];
    let target = '';
    for (const seed of grid.seeds) {
      const { epochs, patience } = grid;
      const base = configOf(row, seed, 0);
      const parameters = { ...base.parameters, ...setting, epochs, patience };
      const config: RunConfig = { ...base, parameters, refit: false };
      const result = await runTrial({ ratings, split, config }, {}, services);
      target = result.target;
      values.push(valueOf(target, result.metrics.validation));
      bestEpochs.push(result.bestEpoch);
    }
    const value = values.reduce((sum, each) => sum + each, 0) / values.length;
    const tried = { setting, value, bestEpochs };
    console.log(
      `${describe(setting)}: validation ${target} ${value.toFixed(4)}, epochs ${bestEpochs.join(' ')}`,
    );
    if (best === null || isBetter(target, value, best.value)) best = tried;
  }
  if (best)
    console.log(`best for ${name}: ${describe(best.setting)}, epochs ${Math.round(median(best.bestEpochs))}`);
}

function describe(setting: Parameters): string {
  return Object.entries(setting)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}

const { values } = parseArgs({ options: { preset: { type: 'string' } } });
const grid = grids[values.preset ?? ''];
if (!grid || values.preset === undefined || !sharedData('ml-100k/u.data')) {
  console.error(`--preset is one of ${Object.keys(grids).join(', ')}, and wants the data in ../shared/data.`);
  process.exit(2);
}
await tune(values.preset, grid);
process.exit(0);
