import type { ImportSettings, Inspection } from '../../shared/imports.ts';

export const roleNames = ['user', 'item', 'rating', 'time'] as const;
export type RoleName = (typeof roleNames)[number];

/** A choice beside the columns; no column can bear this name. */
export const timeChoice = { order: '\u001forder' } as const;

/** Column (by name or position) → what it is taken for. */
export function rolesOf(settings: ImportSettings): Record<string, string> {
  const roles: Record<string, string> = {};
  for (const role of roleNames) {
    const column = settings[role];
    if (column !== undefined) roles[String(column)] = role;
  }
  return roles;
}

/** Columns as choices, by name where a header gives each its own, else by position from 1. */
export function columnChoices({ columns, settings }: Inspection): { value: string; title: string }[] {
  const named = settings.header !== false;
  const bearing = (name: string) => columns.filter((column) => column.name === name).length;
  return columns.map(({ name }, index) => {
    const position = String(index + 1);
    if (!named || !name) return { value: position, title: `column ${position}` };
    if (bearing(name) > 1) return { value: position, title: `${name} (column ${position})` };
    return { value: name, title: name };
  });
}

/** Columns of a list of items that may be chosen, and the settings that hold them. */
export const itemRoles = [
  { role: 'id', setting: 'itemsId', title: 'Their item id' },
  { role: 'title', setting: 'itemsTitle', title: 'Their title' },
  { role: 'genres', setting: 'itemsGenres', title: 'Their genres' },
  { role: 'year', setting: 'itemsYear', title: 'Their year' },
] as const;

/** Columns of a list of items by name, or by position from 1 where the name says nothing or not enough. */
export function itemsColumnChoices(
  columns: readonly { name: string; samples: readonly string[] }[],
): { value: string; title: string }[] {
  return columns.map(({ name, samples }, index) => {
    const alone = name !== '' && columns.every((column, k) => k === index || column.name !== name);
    const example = samples.find((sample) => sample !== '');
    const title = name === '' ? `column ${index + 1}` : name;
    return {
      value: alone ? name : String(index + 1),
      title: example === undefined ? title : `${title} (as ${example.slice(0, 30)})`,
    };
  });
}

/** A choice as the settings hold it: positions are numbers. */
export function columnSetting(inspection: Inspection, value: string): string | number {
  const named =
    inspection.settings.header !== false && inspection.columns.some((column) => column.name === value);
  return named ? value : Number(value);
}

/** A sampled time in milliseconds since 1970 (UTC), NaN where it cannot be read so. */
export function timeOf(text: string, unit: ImportSettings['timeUnit']): number {
  const plain = text.trim();
  if (plain === '') return Number.NaN;
  switch (unit ?? 's') {
    case 's':
      return Number(plain) * 1000;
    case 'ms':
      return Number(plain);
    case 'us':
      return Number(plain) / 1e3;
    case 'ns':
      return Number(plain) / 1e6;
    case 'iso':
      return isoDate(plain);
    case 'dmy':
      return shortDate(plain, 1, 2);
    case 'mdy':
      return shortDate(plain, 2, 1);
    case 'order':
      return Number.NaN;
  }
}

/** Without a zone it is UTC, which JavaScript assumes of dates alone. */
function isoDate(text: string): number {
  const date = text.replace(/^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})/, '$1-$2-$3');
  return Date.parse(/^[\d-]+[T ][\d:.]+$/.test(date) ? `${date}Z` : date);
}

/** A date of three numbers, the year last; `day` and `month` are the places of theirs. */
function shortDate(text: string, day: number, month: number): number {
  const parts = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})/.exec(text);
  return parts ? Date.UTC(Number(parts[3]), Number(parts[month]) - 1, Number(parts[day])) : Number.NaN;
}

/** Paths in an archive or sheets of a workbook, as the refusal to choose among them lists them. */
export function membersOf(details: unknown): string[] {
  const { members, sheets } = (details ?? {}) as { members?: unknown; sheets?: unknown };
  if (Array.isArray(sheets)) return sheets.map(String);
  return Array.isArray(members) ? members.map((member) => (member as { path: string }).path) : [];
}

/** How to go on where a column is missing, by what the engine says about the file. */
export function missingHint(problem: string): string {
  if (/list of items/.test(problem)) {
    return 'Import the ratings first and give this file as their titles, under Titles; or choose the user column above.';
  }
  if (/list of people/.test(problem)) {
    return 'Ratings have a user, an item and mostly a rating in each row. Choose another file, or the item column above.';
  }
  if (/matrix/.test(problem)) return 'Tick the box under Layout, or choose the columns above.';
  if (/as a rating/.test(problem))
    return 'Choose the rating column above, or none where every row is a positive.';
  return 'Choose them above; the preview shows what each column holds.';
}

/** What the button waits for. */
export function needsColumns({ user, item }: ImportSettings): string {
  if (user === undefined && item === undefined) return 'Choose the user and item columns';
  if (user === undefined) return 'Choose the user column';
  return item === undefined ? 'Choose the item column' : 'Settle the columns first';
}

export const delimiterNames: Record<string, string> = {
  ',': 'comma ,',
  ';': 'semicolon ;',
  '\t': 'tab',
  '|': 'bar |',
  '::': 'double colon ::',
  ' ': 'space',
};

/** What kind of file it is, in words. */
export function formatName(format: string, delimiter: string | undefined): string {
  const names: Record<string, string> = {
    wide: 'a matrix of users and items',
    parquet: 'Parquet',
    json: 'JSON',
    jsonl: 'JSON lines',
    netflix: 'Netflix blocks',
    xlsx: 'an Excel sheet',
    'per-line': 'one user a line',
  };
  if (names[format]) return names[format];
  return delimiter === ',' ? 'CSV' : delimiter === '\t' ? 'tab-separated text' : 'delimited text';
}
