import type { Handlers, UserView } from '../../../shared/contract.ts';
import { TEST } from '../../ratings/ratings.ts';
import { findModel } from '../../models/registry.ts';
import { readArtifacts } from '../../store/artifacts.ts';
import { findDataset, listDatasets } from '../../store/datasets.ts';
import { findItems, findUsers, itemPosition, userIds, userPosition } from '../../store/entities.ts';
import { readStarts } from '../../store/histories.ts';
import { findRun, listRuns } from '../../store/runs.ts';
import type { EngineContext } from '../context.ts';
import { whatIf } from '../inspect/what-if.ts';
import { explain } from '../inspect/explain.ts';
import {
  DatasetReader,
  partsOf,
  storedList,
  userMetrics,
  knowsUser,
  partName,
} from '../inspect/inspection.ts';
import { neighbours } from '../inspect/neighbours.ts';
import { openScorer, topItems } from '../inspect/scoring.ts';
import { reasonsFor } from '../inspect/reasons.ts';
import { rankUserLists } from '../inspect/user-lists.ts';

type InspectMethods = Extract<keyof Handlers, `inspect.${string}`> | 'search';

/** People and items: who they are, what each run would show them. */
export function inspectHandlers({ database, loaded }: EngineContext): Pick<Handlers, InspectMethods> {
  return {
    'inspect.users'({ dataset, runs, list, query, metric, limit }) {
      const { key } = findDataset(database, dataset);
      const starts = readStarts(database, key);
      const ratingsOf = (user: number): number => starts[user + 1] - starts[user];
      if (query !== '') {
        const users = findUsers(database, key, query, limit);
        return {
          column: '',
          users: users.map(({ id, position }) => ({ user: id, ratings: ratingsOf(position), value: null })),
        };
      }
      const keys = runs.map((run) => findRun(database, run));
      const { column, order } = rankUserLists(database, starts, keys, list, metric, limit);
      const ids = userIds(database, key);
      return {
        column,
        users: order.map(({ user, value }) => ({ user: ids[user], ratings: ratingsOf(user), value })),
      };
    },

    async 'inspect.user'({ dataset, user, runs, top }) {
      const { key } = findDataset(database, dataset);
      const reader = new DatasetReader(database, key);
      const position = userPosition(database, key, user);
      const history = reader.history(position);
      const found = runs.map((run) => findRun(database, run));
      const parts = partsOf(database, key, found[0]?.run.split?.hash ?? null, history);
      const rows: UserView['history'] = Array.from(history.items, (item, k) => {
        const { id, title } = reader.item(item);
        return {
          item: id,
          title: title ?? id,
          rating: history.values?.[k] ?? null,
          time: history.times?.[k] ?? null,
          part: partName(parts[k]),
          decile: reader.decile(item),
        };
      });
      // A run that has not finished, or of a model of another program, has no list but its own.
      const canScore = ({ model, status }: (typeof found)[number]['run']): boolean =>
        status === 'finished' && findModel(model) !== undefined;
      const listOf = async ({ key: run, run: stored }: (typeof found)[number]): Promise<RunList> => {
        const { id, name, split, config } = stored;
        // What counts as found is what was held out and positive for this run: another may have another split.
        const its = partsOf(database, key, split?.hash ?? null, history);
        const threshold = config.evaluation.positive ?? -Infinity;
        const held = new Set(
          history.items.filter((_, k) => its[k] === TEST && (history.values?.[k] ?? 1) >= threshold),
        );
        const known = knowsUser(stored, history, its);
        const own = storedList(database, run, position) ?? [];
        const isOwn = known || !canScore(stored);
        const listed = isOwn ? own : await topItems(openScorer(database, loaded, id), position, top);
        const items = listed.slice(0, top).map(({ item, score }, k) => {
          const { id: itemId, title } = reader.item(item);
          const hit = held.has(item);
          return {
            item: itemId,
            title: title ?? itemId,
            score,
            rank: k + 1,
            hit,
            decile: reader.decile(item),
          };
        });
        const hits = items.filter((item) => item.hit).length;
        const metrics = userMetrics(database, run, position);
        return { list: { run: id, label: name, known, hits, metrics, items }, held: held.size };
      };
      const lists: RunList[] = [];
      for (const run of found) lists.push(await listOf(run));
      const { values, times } = history;
      return {
        user,
        ratings: history.items.length,
        mean: values && values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : null,
        timeSpan: times && times.length > 0 ? { from: times[0], to: times[times.length - 1] } : null,
        history: rows.reverse(),
        lists: lists.map(({ list }) => list),
        summary: summarise(lists),
      };
    },

    'inspect.item'({ dataset, item, runs }) {
      const { key } = findDataset(database, dataset);
      const reader = new DatasetReader(database, key);
      const position = itemPosition(database, key, item);
      const { title, genres, year } = reader.item(position);
      const { count, mean } = reader.ratingsOf(position);
      return {
        item,
        title: title ?? item,
        genres: genres?.split('|') ?? [],
        year,
        ratings: count,
        mean,
        decile: reader.decile(position),
        exposure: runs.map((idOrName) => {
          const { key: run, run: found } = findRun(database, idOrName);
          const { start, items } = readArtifacts(database, run, 'lists');
          let lists = 0;
          for (let k = 0; start && k + 1 < start.length; k++) {
            const list = items.subarray(start[k], Math.min(start[k] + 10, start[k + 1]));
            if (list.indexOf(position) >= 0) lists++;
          }
          return { run: found.id, label: found.name, lists };
        }),
      };
    },

    'inspect.reasons': (question) => reasonsFor(database, loaded, question),
    'inspect.whatIf': (question) => whatIf(database, loaded, question),
    'inspect.neighbours': (question) => neighbours(database, loaded, question),
    'inspect.explain': ({ run, user, item }) => explain(database, loaded, run, user, item),

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

/** A run's list, and how many held-out items it could find. */
interface RunList {
  readonly list: UserView['lists'][number];
  readonly held: number;
}

/** One sentence on what the lists share and who finds more of what was held out. */
function summarise(lists: readonly RunList[]): string {
  const strange = lists.filter(({ list }) => !list.known).map(({ list }) => list.label);
  const ignorant =
    strange.length > 0
      ? `${strange.join(' and ')} learned from no row of this user: so its list is of the most popular items. `
      : '';
  return ignorant + foundIn(lists);
}

function foundIn(lists: readonly RunList[]): string {
  if (lists.length === 0 || lists.every(({ list }) => list.items.length === 0)) {
    return 'No list is stored for this user: nothing of theirs was held out.';
  }
  const of = (held: number): string => (held === 1 ? '1 held-out item' : `${held} held-out items`);
  const [{ list: first, held }, second] = lists;
  if (!second) return `${first.label} finds ${first.hits} of ${of(held)} in its top ${first.items.length}.`;
  const { list: other } = second;
  const shared = first.items.filter((a) => other.items.some((b) => b.item === a.item)).length;
  const theirs = second.held === held ? String(other.hits) : `${other.hits} of ${second.held}`;
  return `${shared} of ${first.items.length} items are in both lists. ${first.label} finds ${first.hits} of ${of(held)}, ${other.label} ${theirs}.`;
}
