/** Scores of a stored run, from its weights, in this process: for users whose list is not stored, and for reasons. */
import { type Ratings, selectRows, TEST, TRAIN, VALIDATION } from '../../ratings/ratings.ts';
import { IMPORTED } from '../../../shared/outside.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { HistoryScorer, ModelDefinition, SavedModel, Scorer } from '../../model/model.ts';
import { findModel } from '../../models/registry.ts';
import { readArtifacts } from '../../store/artifacts.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findDataset } from '../../store/datasets.ts';
import { findRun } from '../../store/runs.ts';
import { readParts } from '../../store/splits.ts';
import type { ListedItem } from './inspection.ts';
import type { LoadedDatasets } from '../loaded.ts';
import { learnsFrom } from '../../model/learns-from.ts';

export interface RunScorer {
  readonly dataset: number;
  readonly itemCount: number;
  readonly userCount: number;
  readonly scorer: Scorer;
  readonly model: ModelDefinition;
  readonly saved: SavedModel;
  /**
   * Items that are no candidates of a user, as in the run's evaluation: those of the train and validation part unless
   * seen ones were kept, and those without a train row where only trained items were candidates.
   */
  seen(user: number): Set<number>;
  /** Whether the model learned from a row of the user. It scores others too, but the scores mean nothing. */
  knows(user: number): boolean;
  /** [itemCount] rows of each item that the model learned from. */
  readonly rowsOf: Uint32Array;
  /** For other histories; made when it is first asked for. Null where the model has none. */
  readonly history: HistoryScorer | null;
}

/** @throws WorkbenchError `run-unfinished`, `unknown-model` */
export function openScorer(database: ReadableDatabase, loaded: LoadedDatasets, idOrName: string): RunScorer {
  const { key, run } = findRun(database, idOrName);
  if (run.model === IMPORTED)
    throw new WorkbenchError(
      'imported-run',
      `"${run.name}" was made elsewhere: of its model only the lists are known.`,
      'Ask a run that was trained here.',
    );
  const model = findModel(run.model);
  if (!model)
    throw new WorkbenchError('unknown-model', `This version has no model "${run.model}".`, 'Update the app.');
  if (run.status !== 'finished' || !run.split) {
    throw new WorkbenchError(
      'run-unfinished',
      `Run "${run.name}" is ${run.status}.`,
      'Wait for it, or start it again.',
    );
  }
  const { key: dataset, dataset: found } = findDataset(database, run.dataset);
  const { ratings } = loaded.get(found.id);
  const part = readParts(database, dataset, run.split.hash) ?? new Uint8Array(ratings.item.length);
  const { positive, keepSeen, candidates } = run.config.evaluation;
  const inTrain = (row: number): boolean =>
    part[row] === TRAIN || (run.config.refit && part[row] === VALIDATION);
  const learned = learnsFrom(model.kind, positive);
  const train = selectRows(ratings, (row) => inTrain(row) && learned(ratings.value[row]));
  const saved: SavedModel = {
    weights: readArtifacts(database, key, 'weights'),
    parameters: run.parameters,
    train,
  };
  const rowsOf = new Uint32Array(ratings.itemCount);
  for (const item of train.item) rowsOf[item]++;
  let history: HistoryScorer | null = null;
  const untrained = candidates === 'train' ? untrainedItems(ratings, inTrain) : [];
  return {
    dataset,
    itemCount: ratings.itemCount,
    userCount: ratings.userCount,
    scorer: scorerOf(model, saved, run.name),
    model,
    saved,
    rowsOf,
    knows: (user) => train.start[user] < train.start[user + 1],
    get history() {
      history ??= model.history?.(saved) ?? null;
      return history;
    },
    seen(user) {
      const items = new Set(untrained);
      if (keepSeen) return items;
      for (let row = ratings.start[user]; row < ratings.start[user + 1]; row++) {
        if (part[row] < TEST) items.add(ratings.item[row]);
      }
      return items;
    },
  };
}

function untrainedItems({ item, itemCount }: Ratings, inTrain: (row: number) => boolean): number[] {
  const trained = new Uint8Array(itemCount);
  item.forEach((i, row) => inTrain(row) && (trained[i] = 1));
  return Array.from(trained.keys()).filter((i) => trained[i] === 0);
}

/**
 * The best unseen items of a user, best first; among equal scores the lower position. For a user that the model does not
 * know: those with the most train rows, which are their scores.
 */
export async function topItems(run: RunScorer, user: number, top: number): Promise<ListedItem[]> {
  const scores = new Float32Array(run.itemCount);
  if (run.knows(user)) await run.scorer.scoreUsers(Uint32Array.of(user), scores);
  else scores.set(run.rowsOf);
  const seen = run.seen(user);
  const order = Uint32Array.from(scores.keys()).filter((item) => !seen.has(item));
  order.sort((a, b) => scores[b] - scores[a] || a - b);
  return Array.from(order.subarray(0, top), (item) => ({ item, score: scores[item] }));
}

/** Weights that another machine sent are as they were written there, and may be none of this model. */
function scorerOf(model: ModelDefinition, saved: SavedModel, name: string): Scorer {
  try {
    return model.scorer(saved);
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    throw new WorkbenchError(
      'weights-unfit',
      `The stored weights of "${name}" do not fit its model: ${error instanceof Error ? error.message : String(error)}.`,
      'Train the run again; where it came in a capsule, ask for another one.',
    );
  }
}
