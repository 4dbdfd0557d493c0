/** The data set inside a capsule, made anew from its columns: its fingerprint must come out as told. */
import * as v from 'valibot';
import { type CapsuleDataset, CapsuleItems, CapsuleUsers } from '../../../shared/capsules.ts';
import { fingerprintOf } from '../../ratings/fingerprint.ts';
import { arrayFrom } from '../../store/columns.ts';
import type { Dataset, GivenCandidates, ItemMetadata } from '../types.ts';
import { isBelow, isIndex, isPart } from './check-arrays.ts';

/** The bytes of a column by name; null where the data set has none. */
export type ColumnReader = (name: string) => Promise<Uint8Array | null>;

/** @returns the data set, or the end of a sentence on what is wrong with it */
export async function datasetOf(facts: CapsuleDataset, read: ColumnReader): Promise<Dataset | string> {
  const users = await idsIn(read, 'users', CapsuleUsers);
  const items = await idsIn(read, 'items', CapsuleItems);
  if (users === null || items === null) return 'its users or items are no lists of ids';
  const itemIds = items.map((item) => item.id);
  const [startBytes, itemBytes, valueBytes, timeBytes] = [
    await read('start'),
    await read('item'),
    await read('value'),
    await read('time'),
  ];
  if (startBytes === null || itemBytes === null) return 'its columns are missing';
  if (startBytes.length % 4 !== 0 || itemBytes.length !== 4 * facts.ratings)
    return 'its columns are cut short';
  const start = arrayFrom('u32', startBytes);
  const item = arrayFrom('u32', itemBytes);
  const value = valueBytes && facts.ratings * 4 === valueBytes.length ? arrayFrom('f32', valueBytes) : null;
  const time = timeBytes && facts.ratings * 8 === timeBytes.length ? arrayFrom('f64', timeBytes) : null;
  if ((valueBytes && !value) || (timeBytes && !time)) return 'its columns are cut short';
  const fits =
    users.length === facts.users &&
    itemIds.length === facts.items &&
    new Set(users).size === users.length &&
    new Set(itemIds).size === itemIds.length &&
    isIndex(start, users.length, item.length) &&
    isBelow(item, itemIds.length) &&
    (value?.every(Number.isFinite) ?? facts.implicit) &&
    (time?.every(Number.isFinite) ?? true) &&
    (facts.timeKind === 'none') === (time === null);
  if (!fits) return 'its columns do not fit together';
  const part = await read('part');
  if (part && !isPart(part, item.length, 2)) return 'its given split does not fit it';
  const candidates = await candidatesIn(read, part, itemIds.length);
  if (candidates === 'wrong') return 'its given candidates do not fit it';
  const ratings = {
    ...{ userCount: users.length, itemCount: itemIds.length, start, item },
    ...{ value: value ?? new Float32Array(item.length).fill(1), time, implicit: facts.implicit },
    minimum: value?.reduce((a, b) => Math.min(a, b), Infinity) ?? 1,
    maximum: value?.reduce((a, b) => Math.max(a, b), -Infinity) ?? 1,
  };
  const fingerprint = fingerprintOf(ratings, users, itemIds, part);
  if (fingerprint !== facts.fingerprint) return 'its data set is not the one that its runs were trained on';
  return {
    ...{ ratings, userIds: users, itemIds, timeKind: facts.timeKind, part, candidates, fingerprint },
    metadata: metadataOf(items),
  };
}

async function idsIn<S extends v.GenericSchema>(
  read: ColumnReader,
  name: string,
  schema: S,
): Promise<v.InferOutput<S> | null> {
  const bytes = await read(name);
  if (bytes === null) return null;
  try {
    const parsed = v.safeParse(schema, JSON.parse(new TextDecoder().decode(bytes)), { abortEarly: true });
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

async function candidatesIn(
  read: ColumnReader,
  part: Uint8Array | null,
  itemCount: number,
): Promise<GivenCandidates | null | 'wrong'> {
  const [starts, listed] = [await read('givenStart'), await read('givenItems')];
  if (!starts && !listed) return null;
  if (!starts || !listed || !part || starts.length % 4 !== 0 || listed.length % 4 !== 0) return 'wrong';
  const start = arrayFrom('u32', starts);
  const items = arrayFrom('u32', listed);
  const tests = part.reduce((count, mark) => count + (mark === 2 ? 1 : 0), 0);
  return isIndex(start, tests, items.length) && isBelow(items, itemCount)
    ? { start, items, dropped: 0 }
    : 'wrong';
}

function metadataOf(items: v.InferOutput<typeof CapsuleItems>): ItemMetadata | null {
  const known = items.some(
    (item) => item.title !== null || item.genres !== null || item.year !== null || item.image !== null,
  );
  if (!known) return null;
  return {
    titles: items.map((item) => item.title),
    genres: items.map((item) => item.genres?.split('|') ?? null),
    years: items.map((item) => item.year),
    images: items.map((item) => item.image),
  };
}
