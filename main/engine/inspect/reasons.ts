/** Why a run shows somebody an item, in terms of what they have: because of A and B; without A it would be 40th. */
import type { Checked } from '../../../shared/contract.ts';
import type { Reasons } from '../../../shared/inspect.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { itemPosition, userPosition } from '../../store/entities.ts';
import type { LoadedDatasets } from '../loaded.ts';
import { DatasetReader } from './inspection.ts';
import { openPerson, without, type Person } from './person.ts';
import { openScorer } from './scoring.ts';

/** Of a history that is left out item by item: the latest ones, for each costs a ranking. */
const MOST_LEFT_OUT = 50;
/** Contributions whose rank without the item is told. */
const RANKED = 10;

interface Part {
  /** Place in the history. */
  readonly place: number;
  readonly contribution: number;
}

/** @throws WorkbenchError `user-missing`, `item-missing`, `run-unfinished`, `no-reasons` */
export async function reasonsFor(
  database: ReadableDatabase,
  loaded: LoadedDatasets,
  { run, user, item }: Checked<'inspect.reasons'>,
): Promise<Reasons> {
  const opened = openScorer(database, loaded, run);
  const reader = new DatasetReader(database, opened.dataset);
  const person = openPerson(opened, userPosition(database, opened.dataset, user));
  const target = itemPosition(database, opened.dataset, item);
  const scores = await person.score(person.history);
  const { base, parts } = await partsOf(person, target, scores[target]);
  parts.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || a.place - b.place);
  const contributions: Reasons['contributions'] = [];
  for (const [k, { place, contribution }] of parts.entries()) {
    const { id, title } = reader.item(person.history.items[place]);
    const rankWithout = k < RANKED ? await rankLeftOut(person, place, target) : null;
    contributions.push({ item: id, title: title ?? id, contribution, rankWithout });
  }
  const rank = person.rank(scores, person.history, target);
  const summary = sentence(reader.item(target).title ?? item, rank, contributions);
  return { score: scores[target], rank, method: person.method, base, contributions, summary };
}

async function partsOf(
  person: Person,
  target: number,
  score: number,
): Promise<{ base: number; parts: Part[] }> {
  const { history } = person;
  const exact = person.contributions(history, target);
  if (exact) {
    const parts = Array.from(exact.parts, (contribution, place) => ({ place, contribution }));
    return { base: exact.base, parts: parts.filter(({ contribution }) => contribution !== 0) };
  }
  const parts: Part[] = [];
  for (let place = Math.max(0, history.items.length - MOST_LEFT_OUT); place < history.items.length; place++) {
    const left = await person.score(without(history, place));
    parts.push({ place, contribution: score - left[target] });
  }
  return { base: 0, parts };
}

async function rankLeftOut(person: Person, place: number, target: number): Promise<number | null> {
  const left = without(person.history, place);
  return person.rank(await person.score(left), left, target);
}

function sentence(title: string, rank: number | null, contributions: Reasons['contributions']): string {
  const place = rank === null ? `${title} is in the history already` : `${title} is number ${rank}`;
  const helpful = contributions.filter(({ contribution }) => contribution > 0).slice(0, 2);
  if (helpful.length === 0) return `${place}; nothing in the history speaks for it.`;
  const because = helpful.map((one) => `${one.title} (+${one.contribution.toPrecision(2)})`).join(' and ');
  const [first] = helpful;
  const otherwise =
    first.rankWithout === null ? '' : `; without ${first.title} it would be number ${first.rankWithout}`;
  return `${place} because of ${because}${otherwise}.`;
}
