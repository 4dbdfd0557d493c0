/**
 * What people ask of users, items and runs: histories, lists, reasons, what-if. It reads the database and writes nothing, so
 * it can be done in a thread of its own (main/entries/inspector-thread.ts), where weights stay loaded.
 */
import type { Handlers, UserView } from '../../../shared/contract.ts';
import { findModel } from '../../models/registry.ts';
import { TEST } from '../../ratings/ratings.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findDataset } from '../../store/datasets.ts';
import { findUsers, userIdAt, userPosition } from '../../store/entities.ts';
import type { GoldenResult, StoredGolden } from '../../store/golden.ts';
import { readStarts } from '../../store/histories.ts';
import { findRun } from '../../store/runs.ts';
import type { LoadedDatasets } from '../loaded.ts';
import { explain } from './explain.ts';
import { checkGolden } from './golden.ts';
import {
  DatasetReader,
  type ListedItem,
  knowsUser,
  partName,
  partsOf,
  storedList,
  userMetrics,
} from './inspection.ts';
import { itemPage } from './item.ts';
import { Layouts } from './layouts.ts';
import { mapOf, placedItems } from './map.ts';
import { neighbours } from './neighbours.ts';
import { reasonsFor } from './reasons.ts';
import { Scorers } from './scorers.ts';
import { topItems } from './scoring.ts';
import { rankUserLists } from './user-lists.ts';
import { whatIf } from './what-if.ts';

export type InspectMethod = Extract<keyof Handlers, `inspect.${string}`>;

/** The questions of the contract, and those that the engine asks by itself. */
export type Answers = Pick<Handlers, InspectMethod> & {
  golden(question: { run: string; golden: readonly StoredGolden[] }): Promise<GoldenResult[]>;
  /** @param question.user a position */
  top(question: { run: string; user: number; top: number }): Promise<ListedItem[]>;
};

export function answersFrom(database: ReadableDatabase, loaded: LoadedDatasets): Answers {
  const scorers = new Scorers(database, loaded);
  const layouts = new Layouts((run, most) => placedItems(scorers, run, most));
  return {
    'inspect.users'({ dataset, runs, byGroup, list, query, metric, limit }) {
      const { key } = findDataset(database, dataset);
      const starts = readStarts(database, key);
      const ratingsOf = (user: number): number => starts[user + 1] - starts[user];
      if (query !== '') {
        const users = findUsers(database, key, query, limit);
        return {
          column: '',
          seeds: [],
          users: users.map(({ id, position }) => ({ user: id, ratings: ratingsOf(position), value: null })),
        };
      }
      const keys = runs.map((run) => findRun(database, run));
      const { order, ...told } = rankUserLists(database, starts, keys, list, metric, limit, byGroup);
      return {
        ...told,
        users: order.map(({ user, value }) => ({
          user: userIdAt(database, key, user),
          ratings: ratingsOf(user),
          value,
        })),
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
        return {
          ...reader.listed(item),
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
        const all = isOwn ? own : await topItems(scorers.get(id), position, top);
        const items = all.slice(0, top).map(({ item, score }, k) => {
          const hit = held.has(item);
          return {
            ...reader.listed(item),
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

    'inspect.item': (question) => itemPage(scorers, question),
    'inspect.reasons': (question) => reasonsFor(scorers, question),
    'inspect.whatIf': (question) => whatIf(scorers, question),
    'inspect.neighbours': (question) => neighbours(scorers, question),
    'inspect.explain': (question) => explain(scorers, question),
    'inspect.map': (question) => mapOf(scorers, question),
    'inspect.layout': (question) => layouts.ask(question),
    golden: ({ run, golden }) => checkGolden(scorers, run, golden),
    top: ({ run, user, top }) => topItems(scorers.get(run), user, top),
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
      ? `${strange.join(' and ')} learned from no rating of this user, so its list holds the most popular items. `
      : '';
  return ignorant + foundIn(lists);
}

function foundIn(lists: readonly RunList[]): string {
  if (lists.length === 0 || lists.every(({ list }) => list.items.length === 0)) {
    return 'No list is stored for this user: none of their ratings was held out.';
  }
  const of = (held: number): string => (held === 1 ? '1 held-out item' : `${held} held-out items`);
  const [{ list: first, held }, second] = lists;
  if (!second) return `${first.label} finds ${first.hits} of ${of(held)} in its top ${first.items.length}.`;
  const { list: other } = second;
  const shared = first.items.filter((a) => other.items.some((b) => b.item === a.item)).length;
  const theirs = second.held === held ? String(other.hits) : `${other.hits} of ${second.held}`;
  return `${shared} of ${first.items.length} items are in both lists. ${first.label} finds ${first.hits} of ${of(held)}, ${other.label} ${theirs}.`;
}
