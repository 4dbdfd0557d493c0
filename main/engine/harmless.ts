import type { Method } from '../../shared/contract.ts';

/**
 * Methods that change nothing: asked again of the next engine where the last one did not answer, and answered while the
 * data folder is cared for.
 */
export const harmless = new Set<string>([
  'compare',
  'compare.exposure',
  'compare.users',
  'datasets.get',
  'datasets.list',
  'datasets.previewFilters',
  'engine.diagnostics',
  'engine.doctor',
  'engine.state',
  'import.inspect',
  'import.remembered',
  'inspect.explain',
  'inspect.item',
  'inspect.user',
  'inspect.users',
  'jobs.list',
  'models.list',
  'movielens.list',
  'queue.get',
  'recommend',
  'runs.get',
  'runs.list',
  'runs.predict',
  'runs.versus',
  'search',
  'settings.get',
  'splits.preview',
  'storage.usage',
  'sweeps.get',
  'sweeps.list',
] satisfies Method[]);
