/** Why a run shows somebody an item, in terms of what they have: because of A and B; without A it would be 40th. */
import type { Checked } from '../../../shared/contract.ts';
import type { Reasons } from '../../../shared/inspect.ts';
import { ordinal } from '../../../shared/ordinal.ts';
import { without } from '../../model/left-out.ts';
import { itemPosition, userPosition } from '../../store/entities.ts';
import { DatasetReader } from './inspection.ts';
import { openPerson, type Person } from './person.ts';
import type { Scorers } from './scorers.ts';

/** Of a history that is left out item by item: those that weigh most. */
const MOST_LEFT_OUT = 20;
/** Contributions whose rank without the item is told; where a ranking takes long, the two that the sentence names. */
const RANKED = 10;
const RANKED_SLOWLY = 2;

interface Part {
  /** Place in the history. */
  readonly place: number;
  readonly contribution: number;
  /** [itemCount] of every item without it. */
  scores(): Float32Array;
}

/** @throws WorkbenchError `user-missing`, `item-missing`, `run-unfinished`, `no-reasons` */
export function reasonsFor(scorers: Scorers, { run, user, item }: Checked<'inspect.reasons'>): Reasons {
  const { database } = scorers;
  const opened = scorers.get(run);
  const reader = new DatasetReader(database, opened.dataset);
  const person = openPerson(opened, userPosition(database, opened.dataset, user));
  const target = itemPosition(database, opened.dataset, item);
  const scores = person.score(person.history);
  const { base, parts } = partsOf(person, target, scores[target]);
  parts.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || a.place - b.place);
  const ranked = person.slow ? RANKED_SLOWLY : RANKED;
  const contributions = parts.map(({ place, contribution, scores: left }, k) => {
    const { id, title } = reader.item(person.history.items[place]);
    const rankWithout = k < ranked ? person.rank(left(), without(person.history, place), target) : null;
    return { item: id, title: title ?? id, contribution, rankWithout };
  });
  const rank = person.rank(scores, person.history, target);
  const summary = sentence(reader.item(target).title ?? item, rank, contributions);
  const { method, how } = person;
  return { score: scores[target], rank, method, how, base, contributions, summary };
}

function partsOf(person: Person, target: number, score: number): { base: number; parts: Part[] } {
  const { history } = person;
  const exact = person.contributions(history, target);
  if (!exact) {
    const left = person.leftOut(history, target, MOST_LEFT_OUT);
    return {
      base: 0,
      parts: left.map((one) => ({
        place: one.place,
        contribution: score - one.score,
        scores: () => one.scores(),
      })),
    };
  }
  const parts = Array.from(exact.parts, (contribution, place) => ({
    place,
    contribution,
    scores: () => person.scoreWithout(history, place),
  }));
  return { base: exact.base, parts: parts.filter(({ contribution }) => contribution !== 0) };
}

/** The same sentence for every model. */
function sentence(title: string, rank: number | null, contributions: Reasons['contributions']): string {
  const place = rank === null ? `${title} is in the history already` : `${title} is ${ordinal(rank)}`;
  const helpful = contributions.filter(({ contribution }) => contribution > 0).slice(0, 2);
  if (helpful.length === 0) return `${place}; nothing in the history speaks for it.`;
  const because = helpful.map((one) => `${one.title} (+${short(one.contribution)})`).join(' and ');
  const [first] = helpful;
  const { rankWithout } = first;
  const otherwise =
    rankWithout === null
      ? ''
      : `; without ${first.title} it would be ${rankWithout === rank ? 'there as well' : ordinal(rankWithout)}`;
  return `${place} because of ${because}${otherwise}.`;
}

/** Two significant digits, without the zero before the point. */
function short(value: number): string {
  return String(Number(value.toPrecision(2))).replace(/^0\./, '.');
}
