/** Whether a tournament was held already. */
import type { Params, SweepDetail, SweepSummary } from '../../shared/contract.ts';

type Request = Params<'sweeps.tournament'>;

const sorted = (values: readonly unknown[]): string => JSON.stringify([...values].sort());
/** Fields in one order, so that equal objects are equal texts. */
const text = (value: object): string =>
  JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Those that may be the same by what a list tells of them; failed and stopped ones came to nothing. */
export function likeIt(tournaments: readonly SweepSummary[], asked: Request): SweepSummary[] {
  return tournaments.filter(
    (one) =>
      ['running', 'finished'].includes(one.status) &&
      one.dataset === asked.dataset &&
      one.metric === asked.metric &&
      one.seed === asked.seed &&
      one.finalSeeds === asked.finalSeeds &&
      one.budget.minutes === (asked.minutes ?? null) &&
      one.budget.trials === (asked.trials ?? null) &&
      sorted(one.models) === sorted(asked.models ?? []),
  );
}

/** And by its split and evaluation. */
export function isSame({ config }: SweepDetail, asked: Request): boolean {
  const own = { ...config.evaluation, target: null };
  return text(config.split) === text(asked.split ?? {}) && text(own) === text(asked.evaluation ?? {});
}
