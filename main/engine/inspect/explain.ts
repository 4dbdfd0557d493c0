/** Why a run ranks an item where it does for a user: the score taken apart, or taken away piece by piece. */
import type { Checked, Result } from '../../../shared/contract.ts';
import { itemPosition, userPosition } from '../../store/entities.ts';
import { DatasetReader } from './inspection.ts';
import type { RunScorer } from './scoring.ts';
import type { Scorers } from './scorers.ts';

/** Factors that are shown one by one; the others are summed. */
const shownFactors = 6;
const others = 'other factors';

export async function explain(
  scorers: Scorers,
  { run, user, item }: Checked<'inspect.explain'>,
): Promise<Result<'inspect.explain'>> {
  const { database } = scorers;
  const opened = scorers.get(run);
  const { dataset: key } = opened;
  const u = userPosition(database, key, user);
  const i = itemPosition(database, key, item);
  const scores = new Float32Array(opened.itemCount);
  await opened.scorer.scoreUsers(Uint32Array.of(u), scores);
  const seen = opened.seen(u);
  const candidate = !seen.has(i);
  let above = 0;
  scores.forEach((score, other) => (above += Number(score > scores[i] && !seen.has(other))));
  const rank = candidate ? above + 1 : null;
  const candidates = candidate ? opened.itemCount - seen.size : null;
  const { title } = new DatasetReader(database, key).item(i);
  const [predicted] = await opened.scorer.predict(Uint32Array.of(u), Uint32Array.of(i));
  const parts = partsOf(opened.scorer.factors, u, i, predicted);
  const largest = parts
    .filter(({ label }) => !label.endsWith(others))
    .toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value))[0];
  const most = parts.length > 1 ? `; of single parts, ${largest.label} counts most` : '';
  return {
    rank,
    candidates,
    score: predicted,
    title: parts.length > 1 ? 'The score, part by part' : 'The score',
    parts,
    summary: `${title ?? item} is ${rank === null ? 'already known to this user' : `number ${rank} of ${candidates?.toLocaleString('en')} candidates`}${most}.`,
  };
}

/** score = offset + item bias + Σ factor products; one part where the model has no factors. */
function partsOf(
  factors: RunScorer['scorer']['factors'],
  u: number,
  i: number,
  predicted: number,
): { label: string; value: number }[] {
  if (!factors) return [{ label: 'Score', value: predicted }];
  const { users, items, k, itemBias } = factors;
  const products = Array.from({ length: k }, (_, f) => ({
    label: `Factor ${f + 1}`,
    value: users[u * k + f] * items[i * k + f],
  })).sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const bias = itemBias ? itemBias[i] : 0;
  const sum = products.reduce((total, { value }) => total + value, 0);
  const rest = products.slice(shownFactors).reduce((total, { value }) => total + value, 0);
  const offset = predicted - bias - sum;
  return [
    ...(Math.abs(offset) > 1e-6 ? [{ label: 'Mean and user', value: offset }] : []),
    ...(itemBias ? [{ label: 'Item', value: bias }] : []),
    ...products.slice(0, shownFactors),
    ...(products.length > shownFactors
      ? [{ label: `${products.length - shownFactors} ${others}`, value: rest }]
      : []),
  ];
}
