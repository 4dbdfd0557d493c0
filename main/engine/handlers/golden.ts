import type { Handlers } from '../../../shared/contract.ts';
import type { Golden, TasteResults } from '../../../shared/golden.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { Z95 } from '../../numeric/normal.ts';
import { findDataset } from '../../store/datasets.ts';
import { itemPosition, titlesOf, userPosition } from '../../store/entities.ts';
import { deleteGolden, insertGolden, listGolden, type StoredGolden } from '../../store/golden.ts';
import { findRun } from '../../store/runs.ts';
import { insertTaste, readTastes } from '../../store/tastes.ts';
import type { EngineContext } from '../context.ts';
import { assertRules } from '../inspect/golden.ts';

type GoldenMethod = Extract<keyof Handlers, `golden.${string}` | `taste.${string}`>;

export function goldenHandlers({ database, goldenChecks }: EngineContext): Pick<Handlers, GoldenMethod> {
  const shown = ({ key: _, ...golden }: StoredGolden): Golden => {
    const { key } = findDataset(database, golden.dataset);
    const rules = [...new Set([...golden.expect, ...golden.forbid])];
    return { ...golden, titles: titlesOf(database, key, rules) };
  };
  return {
    'golden.list': ({ dataset }) =>
      listGolden(database, dataset === null ? null : findDataset(database, dataset).key).map(shown),
    'golden.add'({ dataset, name, user, history, expect, forbid, top }) {
      const { key } = findDataset(database, dataset);
      if ((user === null) === (history === null || history.length === 0))
        throw new WorkbenchError(
          'person-needed',
          'A golden user is either a user of the data or somebody with a history.',
          'Give one of the two: a user, or the items of a history.',
        );
      if (expect.length + forbid.length === 0)
        throw new WorkbenchError(
          'rules-needed',
          'Nothing is expected of this golden user, and nothing forbidden: every run would pass.',
          'Name an item or a genre that must be in the list, or must not.',
        );
      if (user !== null) userPosition(database, key, user);
      for (const { item } of history ?? []) itemPosition(database, key, item);
      assertRules(database, key, [...expect, ...forbid]);
      const golden = insertGolden(database, key, {
        name,
        user,
        history: user === null ? history : null,
        expect,
        forbid,
        top,
      });
      goldenChecks.checkLatest(key);
      return shown(golden);
    },
    'golden.remove'({ golden }) {
      deleteGolden(database, golden);
      return {};
    },
    'golden.check': ({ run }) => goldenChecks.check(run),
    'golden.results': ({ runs }) => runs.map((run) => goldenChecks.results(run)),

    'taste.add'({ dataset, left, right, user, rater, pick }) {
      const { key } = findDataset(database, dataset);
      userPosition(database, key, user);
      const [atLeft, atRight] = [findRun(database, left), findRun(database, right)];
      insertTaste(database, { dataset: key, user, rater, pick, left: atLeft.key, right: atRight.key });
      return {};
    },
    'taste.results'({ runs: [first, second] }) {
      const [a, b] = [findRun(database, first), findRun(database, second)];
      return tasteResults(a.run.id, readTastes(database, a.key, b.key));
    },
  };
}

function tasteResults(first: string, all: TasteResults['all']): TasteResults {
  const count = (of: TasteResults['all']): TasteResults['picks'] => {
    const picks = { first: 0, second: 0, neither: 0 };
    for (const { pick, left, right } of of) {
      if (pick === 'neither') picks.neither++;
      else if ((pick === 'left' ? left : right) === first) picks.first++;
      else picks.second++;
    }
    return picks;
  };
  const picks = count(all);
  const raters = [...new Set(all.map(({ rater }) => rater))];
  return {
    picks,
    share: wilson(picks.second, picks.first + picks.second),
    raters: raters.map((rater) => ({ rater, ...count(all.filter((one) => one.rater === rater)) })),
    all,
  };
}

/** 95 % interval of a share (Wilson 1927). */
function wilson(found: number, of: number): TasteResults['share'] {
  if (of === 0) return null;
  const value = found / of;
  const square = Z95 ** 2 / of;
  const middle = (value + square / 2) / (1 + square);
  const half = (Z95 / (1 + square)) * Math.sqrt((value * (1 - value)) / of + square / (4 * of));
  return { value, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
