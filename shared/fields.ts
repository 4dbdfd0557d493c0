/** Fields that many schemas have. */
import * as v from 'valibot';

export const id = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
export const name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(120));
export const count = v.number();
/** Figures by metric key, as `ndcg@10`. */
export const metrics = v.record(v.string(), v.number());
