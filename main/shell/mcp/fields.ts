/** Fields that several tools take, with the words that an assistant reads. */
import * as v from 'valibot';
import { entity, id, list, text, whole } from '../../../shared/fields.ts';

const said = <T extends v.GenericSchema>(schema: T, words: string) => v.pipe(schema, v.description(words));

export const dataset = said(id, 'id or name of a data set, from list_datasets');
export const run = said(id, 'id or name of a run, from list_runs');
export const runs = (least: number, most: number) =>
  said(v.pipe(list(id, most), v.minLength(least)), 'ids or names of runs, from list_runs');
export const user = said(entity, 'id of a user as in the data');
export const item = said(entity, 'id of an item as in the data');
export const metric = said(
  v.optional(v.nullable(text(200)), null),
  'e.g. ndcg@10, recall@20, rmse; null: rmse for ratings, ndcg@10 for rankings',
);
export const top = said(v.optional(whole(1, 100), 10), 'length of the list');
export { said };
