import { describe, expect, it } from 'vitest';
import { builderFor } from '../../main/files/import.ts';
import { uniform } from '../../main/files/derive.ts';
import { ratingReader } from '../../main/files/read/reader.ts';
import { readSegments, suitsSegments } from '../../main/files/read/segments.ts';
import { profileOf } from '../../main/ratings/profile.ts';
import type { Profile } from '../../shared/imports.ts';
import { sniff } from '../../main/files/sniff/sniff.ts';
import { utf8Bytes } from '../../main/files/source/source.ts';
import type { RatingBuilder } from '../../main/files/rating-builder.ts';
import type { Accounting, ImportOptions, Reject } from '../../main/files/types.ts';
import { temporaryFolder } from '../fixtures/data/folder.ts';

const folder = temporaryFolder();

/** Rows in no order, some repeated, every 50th broken in one way or another, some lines blank or empty. */
function messy(rows: number, end: string): string {
  const random = uniform(11);
  const int = (n: number): number => Math.floor(random() * n);
  const broken = ['x,,3,5', 'x,y,bad,5', 'only', ',,,', '', 'é,1,2,3,4', 'ü,y,4,soon'];
  const lines = Array.from({ length: rows }, (_, k) =>
    k % 50 === 49 ? broken[int(broken.length)] : `u${int(700)},${int(900)},${1 + int(5)},${1e9 + int(1e6)}`,
  );
  return ['\ufeffuser,item,rating,timestamp', ...lines].join(end);
}

interface Outcome {
  fingerprint: string;
  accounting: Accounting;
  rejects: Reject[];
  scale: [number, number];
  profile: Profile;
}

async function outcome(path: string, options: ImportOptions, workers: number): Promise<Outcome | null> {
  const { plan } = await sniff(path, options);
  const builder: RatingBuilder = builderFor(plan, options);
  if (workers > 1) {
    expect(suitsSegments(plan, builder, 0)).toBe(true);
    if (!(await readSegments(plan, builder, { missingRating: null, workers }))) return null;
  } else {
    const reader = ratingReader(plan, builder, { missingRating: null });
    for await (const chunk of utf8Bytes(plan.source, plan.encoding)) reader.push(chunk);
    reader.finish();
  }
  const { dataset, accounting } = builder.finish();
  const { ratings, timeKind, fingerprint } = dataset;
  return {
    fingerprint,
    accounting,
    rejects: builder.rejects.first,
    scale: [ratings.minimum, ratings.maximum],
    profile: dataset.profile ?? profileOf(ratings, timeKind),
  };
}

describe('a file read in segments', () => {
  it.each(['\n', '\r\n'])('comes to the same, line for line, as one read by one thread (%j)', async (end) => {
    const path = folder.write('messy.csv', messy(60_000, end));
    const whole = await outcome(path, {}, 1);
    expect(whole?.accounting.rejected).toBeGreaterThan(500);
    for (const workers of [2, 3, 5]) expect(await outcome(path, {}, workers)).toEqual(whole);
  });

  it.each(['first', 'max', 'mean'] as const)(
    'merges repeats by %s as one thread does',
    async (duplicates) => {
      const path = folder.write('repeats.csv', messy(20_000, '\n'));
      const whole = await outcome(path, { duplicates }, 1);
      expect(whole?.accounting.duplicates).toBeGreaterThan(100);
      expect(await outcome(path, { duplicates }, 3)).toEqual(whole);
    },
  );

  it('keeps the order of the file where rows bear a part of a given split', async () => {
    const path = folder.write('tagged.csv', messy(20_000, '\n'));
    const fingerprint = async (workers: number): Promise<string> => {
      const { plan } = await sniff(path, {});
      const builder = builderFor(plan, {}, true);
      await readSegments(plan, builder, { missingRating: null, workers });
      builder.tagRows(1);
      return builder.finish().dataset.fingerprint;
    };
    expect(await fingerprint(3)).toBe(await fingerprint(1));
  });

  it('is left to one thread where there is a quote, or no LF', async () => {
    const quoted = folder.write('quoted.csv', `${messy(20_000, '\n')}\n"u,1",i,3,1000000000\n`);
    expect(await outcome(quoted, {}, 2)).toBeNull();
    const returns = folder.write('returns.csv', messy(200_000, '\r'));
    expect(await outcome(returns, {}, 2)).toBeNull();
  });
});
