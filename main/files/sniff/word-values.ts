/** Columns of words for two values, such as yes and no: read as 1 and 0, never left out without a word. */
import type { Interpretation } from '../../../shared/imports.ts';
import { asked, doubted, remedy } from '../interpretations.ts';
import { numberOf } from './values.ts';

/** Positive and negative words of one kind; compared without case. */
const pairs: readonly (readonly [positive: readonly string[], negative: readonly string[]])[] = [
  [
    ['true', 't'],
    ['false', 'f'],
  ],
  [
    ['yes', 'y', 'oui', 'ja', 'sí', 'si', 'да', '是', 'はい'],
    ['no', 'n', 'non', 'nein', 'нет', '否', 'いいえ'],
  ],
  [
    ['like', 'liked', 'likes', 'love', 'loved', '喜欢'],
    ['dislike', 'disliked', 'dislikes', 'hate', 'hated', '不喜欢'],
  ],
  [
    ['positive', 'pos', '+'],
    ['negative', 'neg', '-'],
  ],
  [
    ['up', 'upvote', 'thumbs up', 'thumbsup', 'thumbs_up', '👍'],
    ['down', 'downvote', 'thumbs down', 'thumbsdown', 'thumbs_down', '👎'],
  ],
  [['good'], ['bad']],
  [
    ['recommended', 'recommend'],
    ['not recommended', 'not recommend'],
  ],
];

const blank = /^(|na|n\/a|nan|null|none)$/;
/** A number with marks of any country: 3,5 and 1.000,5 are no words. */
const written = /^[^\p{L}]*\d[^\p{L}]*$/u;
/** Longest text that is taken for a word that stands for a value. */
const LONGEST = 60;
const plain = (value: string): string => value.trim().toLowerCase();

/** Column names that speak of what a user thought or did. */
const feedbackName =
  /feedback|liked?$|dislike|vote|thumb|reaction|sentiment|recommend|opinion|verdict|review|preference|event|action|interaction|behaviou?r|click|purchase|bought|favou?rite/i;
export const namesFeedback = (name: string): boolean => feedbackName.test(name);

/** Different words of a column, most frequent first, with how often they stand there; null where it has numbers too. */
export function wordsOf(values: readonly string[]): Map<string, number> | null {
  const counts = new Map<string, number>();
  let numbers = 0;
  let filled = 0;
  for (const value of values) {
    const word = plain(value);
    if (blank.test(word)) continue;
    if (word.length > LONGEST) return null;
    filled++;
    if (!Number.isNaN(numberOf(word)) || written.test(word)) numbers++;
    else counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  if (filled === 0 || numbers > 0) return null;
  return new Map([...counts].sort((a, b) => b[1] - a[1]));
}

/** 1 for the positive words and 0 for the negative ones of the pair that all words belong to; null: no pair is known. */
export function knownWords(words: Iterable<string>): Record<string, number> | null {
  const found = [...words];
  if (found.length === 0) return null;
  for (const [positive, negative] of pairs) {
    if (!found.every((word) => positive.includes(word) || negative.includes(word))) continue;
    // Words of the other value may stand beyond the sample.
    const worth = (list: readonly string[], value: number): [string, number][] =>
      list.map((word) => [word, value]);
    return Object.fromEntries([...worth(positive, 1), ...worth(negative, 0)]);
  }
  return null;
}

export interface WordGuess {
  words: Record<string, number> | null;
  interpretation: Interpretation | null;
}

/** Words of one scale, the least first; words that mean the same stand together. */
const scales: readonly (readonly (readonly string[])[])[] = [
  [
    ['terrible', 'awful', 'horrible', 'very bad', 'very poor', 'hated it', 'worst'],
    ['bad', 'poor', 'weak', "didn't like it", 'did not like it'],
    ['ok', 'okay', 'average', 'fair', 'neutral', 'mediocre', 'it was ok', 'medium'],
    ['good', 'nice', 'liked it'],
    ['very good', 'great', 'really liked it'],
    ['excellent', 'amazing', 'awesome', 'perfect', 'outstanding', 'best', 'it was amazing', 'loved it'],
  ],
  [
    ['strongly disagree'],
    ['disagree', 'somewhat disagree'],
    ['neutral', 'neither', 'neither agree nor disagree'],
    ['agree', 'somewhat agree'],
    ['strongly agree'],
  ],
  [['never'], ['rarely', 'seldom'], ['sometimes'], ['often'], ['always']],
  [['very low'], ['low'], ['medium', 'middle'], ['high'], ['very high']],
  [['f'], ['e'], ['d'], ['c'], ['b'], ['a']],
  'i ii iii iv v vi vii viii ix x'.split(' ').map((word) => [word]),
  'one two three four five six seven eight nine ten'.split(' ').map((word) => [word]),
];

/** Numbers from 1 for words that all belong to one scale, in its order; null where none has them all. */
function onScale(words: readonly string[]): Record<string, number> | null {
  for (const scale of scales) {
    const place = (word: string): number => scale.findIndex((step) => step.includes(word));
    if (words.some((word) => place(word) < 0)) continue;
    const places = [...new Set(words.map(place))].sort((a, b) => a - b);
    const ordered = words.toSorted((a, b) => place(a) - place(b));
    return Object.fromEntries(ordered.map((word) => [word, places.indexOf(place(word)) + 1]));
  }
  return null;
}

/** Most words that are asked for one by one. */
const MOST_WORDS = 12;

/** How a rating column of words is read. @param name of the column, or its position */
export function guessWords(values: readonly string[], name: string): WordGuess {
  const words = wordsOf(values);
  if (words === null || words.size === 0 || words.size > MOST_WORDS)
    return { words: null, interpretation: null };
  const rows = [...words.values()].reduce((sum, count) => sum + count, 0);
  const known = knownWords(words.keys());
  const listed = [...words.keys()].map((word) => `“${word}”`).join(', ');
  if (known) {
    const read = [...words.keys()].map((word) => `“${word}” as ${known[word]}`).join(' and ');
    return { words: known, interpretation: wordsRead(name, read, { rows, sampled: true }) };
  }
  // One word all over is rather something that stands for no rating.
  if (words.size < 2 || rows < 2 * words.size) return { words: null, interpretation: null };
  const [one, two] = words.keys();
  const ways =
    words.size === 2
      ? [
          { [one]: 1, [two]: 0 },
          { [one]: 0, [two]: 1 },
        ]
      : [];
  const scale = words.size > 2 ? onScale([...words.keys()]) : null;
  const otherwise = (scale ? [scale] : ways).map((ratingWords) => {
    const written = Object.entries(ratingWords).map(([word, value]) => `${word}=${value}`);
    return remedy(`Read ${written.join(', ')}`, `--rating-words "${written.join(',')}"`, { ratingWords });
  });
  const text =
    `The rating column ${name} holds words (${listed}): say what each stands for with ` +
    `--rating-words "${[...words.keys()].map((word) => `${word}=…`).join(',')}", with a number in each place of the dots.`;
  return { words: null, interpretation: asked('rating-words', text, { rows, sampled: true, otherwise }) };
}

/** @param read such as “yes” as 1 and “no” as 0 */
export function wordsRead(
  name: string,
  read: string,
  facts: { rows: number; sampled?: boolean },
): Interpretation {
  const text =
    `The feedback in ${name} is read as a rating: ${read}. ` +
    'Models that rank take every record for a positive one, unless they are trained with --positive 1.';
  const otherwise = [remedy('Take every record as one interaction', '--implicit', { implicit: true })];
  return doubted('rating-words', text, { ...facts, otherwise });
}
