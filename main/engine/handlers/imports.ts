import type { Handlers } from '../../../shared/contract.ts';
import { readMapping } from '../../store/settings.ts';
import type { EngineContext } from '../context.ts';

type ImportMethods = Extract<keyof Handlers, `import.${string}` | `movielens.${string}`>;

export function importHandlers({ database, importer }: EngineContext): Pick<Handlers, ImportMethods> {
  return {
    'import.inspect': ({ path, settings }) => importer.inspect(path, settings),
    'import.check': ({ path, settings }) => ({ job: importer.check(path, settings) }),
    'import.start': ({ path, name, settings }) => ({ job: importer.importFile(path, name, settings) }),
    'import.split': (split) => ({ job: importer.importSplit(split) }),
    'import.remembered': ({ header }) => readMapping(database, header),
    'movielens.list': () => importer.movieLens(),
    'movielens.get': ({ name }) => ({ job: importer.getMovieLens(name) }),
  };
}
