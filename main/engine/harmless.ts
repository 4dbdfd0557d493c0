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
  'golden.list',
  'golden.results',
  'inspect.explain',
  'inspect.item',
  'inspect.map',
  'inspect.neighbours',
  'inspect.reasons',
  'inspect.user',
  'inspect.users',
  'inspect.whatIf',
  'jobs.list',
  'models.list',
  'movielens.list',
  'recommend',
  'runs.get',
  'runs.list',
  'runs.predict',
  'runs.versus',
  'search',
  'settings.get',
  'splits.preview',
  'storage.usage',
  'taste.results',
] satisfies Method[]);
