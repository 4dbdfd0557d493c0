import * as v from 'valibot';
import { RunConfig } from '../../../shared/config.ts';
import { methods } from '../../../shared/contract.ts';
import { models } from '../../models/registry.ts';
import type { EngineContext } from '../context.ts';
import { startRuns } from './starting.ts';

/** Queues the runs that the sample is opened with, on one split: those of one pass first, for they are done at once. */
export function startSampleRuns(
  context: Pick<EngineContext, 'database' | 'events' | 'queue' | 'versions'>,
  dataset: string,
): void {
  const shown = models.filter(({ sample }) => sample);
  const quickFirst = shown.toSorted((a, b) => Number(a.iterative) - Number(b.iterative));
  for (const { name: model, title, sample } of quickFirst) {
    // Of a sequence the validation item would be missing between what was learned and what is tested.
    const split = { name: 'leave-last-out' };
    const config = v.parse(RunConfig, { model, parameters: sample, split, refit: true });
    startRuns(context, v.parse(methods['runs.start'][0], { dataset, configs: [config], name: title }));
  }
}
