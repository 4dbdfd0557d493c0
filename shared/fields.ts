/**
 * Fields that many schemas have. Every number, text and list of the contract has its bounds: what comes from outside
 * cannot ask for more than can be done, and what goes out can be drawn. A test walks all schemas for it.
 */
import * as v from 'valibot';

/** A whole number between two others, both included. */
export const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

/** A text of so many characters at most; 10,000 is a long sentence's worth many times over. */
export const text = (longest = 10_000) => v.pipe(v.string(), v.maxLength(longest));

/** A list of so many entries at most: no history or table is longer than a million. */
export const list = <T extends v.GenericSchema>(entry: T, longest = 1_000_000) =>
  v.pipe(v.array(entry), v.maxLength(longest));

/** Values by name, of so many names at most. */
export const byName = <T extends v.GenericSchema>(value: T, most = 10_000) =>
  v.pipe(v.record(text(200), value), v.maxEntries(most));

export const id = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
export const name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(120));
/** A name, title or unit that is shown in one line. */
export const label = text(1000);
/** Id or title of a user or an item as it stands in the file: a record may be 1 MB long, so may its fields. */
export const entity = text(2 ** 20);
/** Of a file inside an archive. At most as long as any system takes; none takes a NUL. */
export const member = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(32_767),
  v.check((value) => !value.includes('\0'), 'a path has no NUL character'),
);
/** A whole path: engine, window and command stand in unlike folders, where a part of one would be another file to each. */
export const path = v.pipe(
  member,
  v.regex(/^(?:\/|[A-Za-z]:[\\/]|\\\\)/, 'a path begins at the root or a drive, e.g. /home/me/file.csv'),
);
export type FileUse = 'read' | 'written';
const used = (file: FileUse) => v.pipe(path, v.metadata({ file }));
/** Of a file that the engine reads for who asks. */
export const fileIn = used('read');
/** Of a file that it writes, or of one in whose folder it writes. */
export const fileOut = used('written');
/** What is done with the file that a field names; null: it names none. */
export function fileUse(schema: v.GenericSchema): FileUse | null {
  const { file } = 'pipe' in schema ? (v.getMetadata(schema) as { file?: FileUse }) : {};
  return file ?? null;
}
/** How many: rows, users, bytes. */
export const count = whole(0, Number.MAX_SAFE_INTEGER);
/** Any finite number. */
export const figure = v.pipe(v.number(), v.minValue(-Number.MAX_VALUE), v.maxValue(Number.MAX_VALUE));
/** Seeds are 32 bits wide. */
export const seed = whole(0, 2 ** 32 - 1);
/** Threads that one engine may be asked for; more than any machine of today has use for. */
export const threads = whole(1, 256);
/** Figures by metric key, as `ndcg@10`. */
export const metrics = byName(figure);
/** The job that a call has started. */
export const jobStarted = v.object({ job: id });
