import { givenValidation } from '../evaluation/splits/make-split.ts';
import type { ModelDefinition } from '../model/model.ts';
import { models, titlesOf } from '../models/registry.ts';
import { VALIDATION } from '../ratings/ratings.ts';
import type { Trial } from './trial.ts';

/** What the data are to a configuration, for whoever reads the figures: said first of all. */
export function dataNotes(
  { ratings, split: made, config }: Pick<Trial, 'ratings' | 'split' | 'config'>,
  { kind, title }: Pick<ModelDefinition, 'kind' | 'title'>,
): string[] {
  const { split } = config;
  const notes: string[] = [];
  if (split.timeOrder === 'file')
    notes.push(
      `The data have no time: the order of the file stands for it in the split ${split.name}, as was asked for. If the ` +
        'file has another order (by item, say), these figures mean nothing.',
    );
  if (split.name === 'given' && ratings.time === null && made.part.includes(VALIDATION)) {
    const { rule } = givenValidation(ratings, made.part);
    const which = rule === 'last' ? "each user's last train row" : "the last of each user's train rows";
    if (rule !== 'random')
      notes.push(
        `The data have no time: validation takes ${which} in the order of the file. If that order says nothing of time, ` +
          'leave the validation out (--validation none); the test rows are those of the files.',
      );
  }
  if (kind !== 'ratings') return notes;
  const rankers = models.filter((model) => model.kind === 'ranking' && !model.baseline);
  const advice = `For lists take a model that ranks, such as ${titlesOf(rankers.slice(0, 2))}.`;
  if (ratings.implicit)
    notes.push(
      `${title} predicts ratings, and these data have none: every interaction counts as 1, so there is one value to ` +
        `learn and no order of items. ${advice}`,
    );
  else if (ratings.minimum === ratings.maximum)
    notes.push(
      `${title} predicts ratings, and every rating here is ${ratings.minimum}: there is one value to learn and no order ` +
        `of items. ${advice}`,
    );
  return notes;
}
