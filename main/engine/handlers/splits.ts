import type { Handlers } from '../../../shared/contract.ts';
import { leakageReport } from '../../evaluation/splits/leakage.ts';
import { cutOf, splitSummary } from '../../evaluation/splits/summary.ts';
import { makeSplit } from '../../evaluation/splits/make-split.ts';
import { findDataset } from '../../store/datasets.ts';
import { userIds } from '../../store/entities.ts';
import { givenOf } from '../../store/ratings.ts';
import type { EngineContext } from '../context.ts';

export function splitHandlers({ database, loaded }: EngineContext): Pick<Handlers, 'splits.preview'> {
  return {
    'splits.preview'({ dataset: idOrName, split: config }) {
      const { key, dataset } = findDataset(database, idOrName);
      const { ratings, given } = loaded.get(dataset.id);
      const split = makeSplit(ratings, config, givenOf(given));
      const summary = splitSummary(ratings, split);
      const ids = userIds(database, key);
      return {
        hash: split.hash,
        counts: summary.counts,
        users: summary.users,
        picture: summary.picture.map(({ user, segments }) => ({ user: ids[user], segments: [...segments] })),
        cut: cutOf(ratings, split),
        leakage: leakageReport(ratings, split, dataset.timeKind).lines,
      };
    },
  };
}
