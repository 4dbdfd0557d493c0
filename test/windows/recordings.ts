/** What the real engine answered (`npm run record`), and which of its answers fits a question. */
import type { ErrorShape, Method, Result, WorkbenchEvent } from '../../shared/contract.ts';
import capsules from './recorded/capsules.json' with { type: 'json' };
import compare from './recorded/compare.json' with { type: 'json' };
import datasets from './recorded/datasets.json' with { type: 'json' };
import engine from './recorded/engine.json' with { type: 'json' };
import events from './recorded/events.json' with { type: 'json' };
import golden from './recorded/golden.json' with { type: 'json' };
import imports from './recorded/import.json' with { type: 'json' };
import inspect from './recorded/inspect.json' with { type: 'json' };
import jobs from './recorded/jobs.json' with { type: 'json' };
import models from './recorded/models.json' with { type: 'json' };
import movielens from './recorded/movielens.json' with { type: 'json' };
import queue from './recorded/queue.json' with { type: 'json' };
import recommend from './recorded/recommend.json' with { type: 'json' };
import report from './recorded/report.json' with { type: 'json' };
import runs from './recorded/runs.json' with { type: 'json' };
import search from './recorded/search.json' with { type: 'json' };
import settings from './recorded/settings.json' with { type: 'json' };
import splits from './recorded/splits.json' with { type: 'json' };
import taste from './recorded/taste.json' with { type: 'json' };
import storage from './recorded/storage.json' with { type: 'json' };
import sweeps from './recorded/sweeps.json' with { type: 'json' };

/** One question to the real engine, with its answer or its refusal. */
export interface Recorded {
  readonly method: Method;
  readonly params: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: ErrorShape;
}

const areas: unknown[][] = [
  capsules,
  compare,
  datasets,
  engine,
  golden,
  imports,
  inspect,
  jobs,
  models,
  movielens,
  queue,
  recommend,
  report,
  runs,
  search,
  settings,
  splits,
  storage,
  sweeps,
  taste,
];
export const recorded = areas.flat() as readonly Recorded[];
export const recordedEvents = events as readonly unknown[] as readonly WorkbenchEvent[];

/** The recorded question of a method that agrees with the most parameters; the first of those that agree alike. */
export function closest(method: Method, params: object): Recorded | null {
  let best: Recorded | null = null;
  let most = -1;
  for (const each of recorded) {
    if (each.method !== method) continue;
    const agreeing = Object.entries(params).filter(
      ([name, value]) => JSON.stringify(value) === JSON.stringify(each.params[name]),
    ).length;
    if (agreeing > most) [best, most] = [each, agreeing];
  }
  return best;
}

/** What a question was answered. @throws Error where nothing of the kind was recorded */
export function answered<M extends Method>(method: M, params: object = {}): Result<M> {
  const found = closest(method, params);
  if (found?.result === undefined) throw new Error(`No answer to ${method} was recorded.`);
  return found.result;
}
