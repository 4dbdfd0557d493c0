import * as v from 'valibot';
import { RunConfig } from '../../../shared/config.ts';
import { methods } from '../../../shared/contract.ts';
import type { EngineContext } from '../context.ts';
import { startRuns } from './starting.ts';

/** What the sample is opened with: baselines, factors, and the model that sees the order of its series. */
const models = ['popularity', 'bias', 'itemknn', 'mf', 'bpr', 'caser'];

/** Queues the runs of the sample on one split. */
export function startSampleRuns(
  context: Pick<EngineContext, 'database' | 'events' | 'queue' | 'versions'>,
  dataset: string,
): void {
  const configs = models.map((model) => v.parse(RunConfig, { model, split: { name: 'leave-last-out' } }));
  startRuns(context, v.parse(methods['runs.start'][0], { dataset, configs }));
}
