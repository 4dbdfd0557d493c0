import { setImmediate } from 'node:timers/promises';
import type { Handlers } from '../../../shared/contract.ts';
import { IMPORTED } from '../../../shared/outside.ts';
import { writeOutput } from '../../base/output.ts';
import { findDataset } from '../../store/datasets.ts';
import { allItems, userIds, userPosition } from '../../store/entities.ts';
import { findRun } from '../../store/runs.ts';
import type { EngineContext } from '../context.ts';
import { csvField } from '../../base/csv.ts';
import { DatasetReader, knowsUser, partName, partsOf, storedList } from '../inspect/inspection.ts';
import { openScorer, topItems } from '../inspect/scoring.ts';

function unknownUser(run: string): string {
  return (
    `${run} knows nothing about this user: it learned from none of their ratings. These are the most popular ` +
    'items, with their train rows as scores.'
  );
}

export function recommendHandlers({
  database,
  loaded,
  inspector,
}: EngineContext): Pick<Handlers, 'recommend' | 'recommend.all'> {
  return {
    async recommend({ run: idOrName, user, top }) {
      const { key, run } = findRun(database, idOrName);
      const { key: dataset } = findDataset(database, run.dataset);
      const reader = new DatasetReader(database, dataset);
      const position = userPosition(database, dataset, user);
      const history = reader.history(position);
      const parts = partsOf(database, dataset, run.split?.hash ?? null, history);
      const known = knowsUser(run, history, parts);
      const stored = known ? storedList(database, key, position) : null;
      const list =
        stored && (stored.length >= top || run.model === IMPORTED)
          ? stored.slice(0, top)
          : await inspector.top(run.id, position, top);
      return {
        user,
        known,
        note: known ? null : unknownUser(run.name),
        history: Array.from(history.items, (item, k) => {
          const { id, title } = reader.item(item);
          return {
            item: id,
            title: title ?? id,
            rating: history.values?.[k] ?? null,
            part: partName(parts[k]),
          };
        }),
        items: list.map(({ item, score }, k) => {
          const { id, title } = reader.item(item);
          return { item: id, title: title ?? id, score, rank: k + 1 };
        }),
      };
    },

    async 'recommend.all'({ run: idOrName, path, top, safeForSpreadsheets }) {
      const { run } = findRun(database, idOrName);
      const { key: dataset } = findDataset(database, run.dataset);
      const scorer = openScorer(database, loaded, run.id);
      const users = userIds(database, dataset).map(csvField);
      const items = allItems(database, dataset).map(({ id, title }) =>
        [csvField(id), csvField(title ?? '')].join(','),
      );
      return writeOutput(
        path,
        async ({ write }) => {
          let [rows, unknown] = [0, 0];
          write('user,rank,item,title,score\n');
          for (const [position, user] of users.entries()) {
            const list = await topItems(scorer, position, top);
            if (!scorer.knows(position)) unknown++;
            rows += list.length;
            write(list.map(({ item, score }, k) => `${user},${k + 1},${items[item]},${score}\n`).join(''));
            // Other requests of the engine are answered while a long file is written.
            await setImmediate();
          }
          return { rows, unknown };
        },
        { safeForSpreadsheets },
      );
    },
  };
}
