import type { Handlers } from '../../../shared/contract.ts';
import { findDataset, listDatasets } from '../../store/datasets.ts';
import { findItems, findUsers } from '../../store/entities.ts';
import { listRuns } from '../../store/runs.ts';
import type { EngineContext } from '../context.ts';
import type { InspectMethod } from '../inspect/answers.ts';

/** People and items, asked of the inspector; and the search over everything, for the palette. */
export function inspectHandlers({
  database,
  inspector,
}: EngineContext): Pick<Handlers, InspectMethod | 'search'> {
  return {
    'inspect.users': (question) => inspector.ask('inspect.users', question),
    'inspect.user': (question) => inspector.ask('inspect.user', question),
    'inspect.item': (question) => inspector.ask('inspect.item', question),
    'inspect.reasons': (question) => inspector.ask('inspect.reasons', question),
    'inspect.whatIf': (question) => inspector.ask('inspect.whatIf', question),
    'inspect.neighbours': (question) => inspector.ask('inspect.neighbours', question),
    'inspect.explain': (question) => inspector.ask('inspect.explain', question),
    'inspect.map': (question) => inspector.ask('inspect.map', question),
    'inspect.layout': (question) => inspector.ask('inspect.layout', question),

    search({ text, limit }) {
      const needle = text.toLowerCase();
      const datasets = listDatasets(database, false);
      const runs = listRuns(database, {});
      const named = [
        ...datasets
          .filter(({ name }) => name.toLowerCase().includes(needle))
          .map(({ id, name }) => ({ kind: 'dataset' as const, id, title: name, dataset: id })),
        ...runs
          .filter(({ run }) => run.name.toLowerCase().includes(needle))
          .map(({ run }) => ({ kind: 'run' as const, id: run.id, title: run.name, dataset: run.dataset })),
      ];
      const inside = datasets.flatMap(({ id }) => {
        const { key } = findDataset(database, id);
        return [
          ...findUsers(database, key, text, 3).map((user) => ({
            kind: 'user' as const,
            id: user.id,
            title: user.id,
            dataset: id,
          })),
          ...findItems(database, key, text, 5).map((item) => ({
            kind: 'item' as const,
            id: item.id,
            title: item.title ?? item.id,
            dataset: id,
          })),
        ];
      });
      return [...named, ...inside].slice(0, limit);
    },
  };
}
