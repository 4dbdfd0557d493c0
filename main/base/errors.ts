/** An error for the person in front of the screen: what happened and where, and how to fix it. */
export class WorkbenchError extends Error {
  readonly code: string;
  readonly hint: string;
  readonly details?: unknown;

  /**
   * @param code stable, for programs: `columns-needed`
   * @param message what happened, and where
   * @param hint how to fix it
   * @param details figures that belong to it, such as an import's accounting
   */
  constructor(code: string, message: string, hint: string, details?: unknown) {
    super(clip(message, longestSentence));
    this.name = 'WorkbenchError';
    this.code = code;
    this.hint = clip(hint, longestSentence);
    if (details !== undefined) this.details = bounded(details, 8);
  }
}

/** Characters of a message or hint, whatever names of files and columns are in it. */
const longestSentence = 4000;
/** Characters of a text among the details, and entries of a list or table there. */
const longestDetail = 1000;
const mostEntries = 500;

function clip(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** Details that can be sent and shown whatever file they tell of: long texts and lists are cut, as is what lies deep. */
function bounded(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return clip(value, longestDetail);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return null;
  if (Array.isArray(value)) return value.slice(0, mostEntries).map((entry) => bounded(entry, depth - 1));
  const entries = Object.entries(value).slice(0, mostEntries);
  return Object.fromEntries(entries.map(([name, entry]) => [name, bounded(entry, depth - 1)]));
}

/** What the operating system says of a file or folder, in words; null where the error is none of its. */
export function fileError(error: unknown): WorkbenchError | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  const { code, path, dest } = error as NodeJS.ErrnoException & { dest?: string };
  if (code === 'ENOSPC') {
    return new WorkbenchError(
      'disk-full',
      'The disk is full. Nothing of what was being written was kept.',
      'Free some space, then try again.',
    );
  }
  const reason = code === undefined ? undefined : fileReasons[code];
  const place = (dest ?? path)?.replace(/\.(part|partial|new)$/, '');
  if (!reason || place === undefined) return null;
  return new WorkbenchError(
    'file-unusable',
    `${place} cannot be used: ${reason}.`,
    'Choose another file or folder, or fix its rights.',
  );
}

const fileReasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder, not a file',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'it is on a read-only disk',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links lead in a circle',
  EEXIST: 'something of that name is there already',
};
