/** Between the importer's own types and those of the contract that the windows speak. */
import type { ImportSettings, Inspection as InspectionView } from '../../shared/imports.ts';
import type { Guess, ImportOptions, Inspection, Role } from './types.ts';

/** The importer's options of the settings that a window or the command line sends. */
export function optionsOf(settings: ImportSettings): ImportOptions {
  const { items, itemsId, itemsTitle, itemsGenres, itemsYear, scale, ...rest } = settings;
  const list = { id: itemsId, title: itemsTitle, genres: itemsGenres, year: itemsYear };
  return {
    ...rest,
    ...(items === undefined ? {} : { items: { path: items, ...list } }),
    ...(scale ? { scale } : {}),
  };
}

const shown = (value: string | number | boolean | null): string => {
  if (value === '\t') return 'tab';
  if (value === ' ') return 'space';
  if (value === '') return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === null ? 'none' : String(value);
};

/** The inspection as the wizard shows it, with complete settings: importing with them does what the preview shows. */
export function inspectionView(inspection: Inspection, given: ImportSettings): InspectionView {
  const { mapping, columns, format } = inspection;
  const workbook = inspection.container === 'xlsx';
  const text = format.value === 'text';
  const guesses: InspectionView['guesses'] = {};
  const add = (name: string, guess: Guess<string | number | boolean | null>): void => {
    guesses[name] = { value: shown(guess.value), why: guess.why };
  };
  add('format', format);
  if (!workbook) add('encoding', inspection.encoding);
  if (text && !workbook) {
    add('delimiter', inspection.delimiter);
    add('quote', inspection.quote);
    add('lineEnd', inspection.lineEnd);
  }
  if (text) add('header', inspection.header);
  add('decimal', inspection.decimal);
  add('wide', inspection.wide);
  if (inspection.wide.value) add('missing', inspection.missing);
  for (const role of ['user', 'item', 'rating', 'time'] as const) {
    const guess = mapping[role];
    if (guess) add(role, { ...guess, value: columnRef(columns, guess.value) });
  }
  if (mapping.time) add('timeUnit', inspection.timeUnit);
  add('implicit', inspection.implicit);
  return {
    bytes: inspection.bytes,
    format: shownFormat(inspection),
    shape: inspection.shape.value,
    members: inspection.members.map((member) => member.path),
    sheets: inspection.sheets,
    guesses,
    columns: columns.map(({ name, numeric, samples }) => ({
      name,
      type: numeric > 0.95 ? 'number' : 'text',
      samples,
    })),
    preview: inspection.preview.map((record) => record.fields),
    items: inspection.items,
    settings: settingsOf(inspection, given),
    // The hint speaks of the command line's options; the window has its own.
    missing: inspection.problem ? [inspection.problem.message] : [],
    interpretations: inspection.interpretations,
  };
}

function shownFormat({ wide, perLine, container, format }: Inspection): string {
  if (wide.value) return 'wide';
  if (perLine.value) return 'per-line';
  if (container === 'xlsx') return 'xlsx';
  return format.value === 'text' ? 'csv' : format.value;
}

/** The column's name where no other bears it, else its position from 1. */
function columnRef(columns: Inspection['columns'], at: number): string | number {
  const name = columns[at]?.name ?? '';
  return name === '' || columns.some((column, k) => k !== at && column.name === name) ? at + 1 : name;
}

function settingsOf(inspection: Inspection, given: ImportSettings): ImportSettings {
  const { mapping, wide } = inspection;
  const settings: ImportSettings = { ...given };
  const place = (role: Role): void => {
    const guess = mapping[role];
    if (guess) settings[role] = columnRef(inspection.columns, guess.value);
  };
  for (const role of ['user', 'item', 'rating', 'time'] as const) place(role);
  const text = inspection.format.value === 'text';
  if (text) settings.header = inspection.header.value;
  if (text && inspection.container !== 'xlsx') {
    settings.delimiter = inspection.delimiter.value;
    settings.quote = inspection.quote.value;
    settings.encoding = inspection.encoding.value;
  }
  settings.decimal = inspection.decimal.value;
  if (inspection.thousands.value !== '') settings.thousands = inspection.thousands.value;
  if (inspection.ratingWords && mapping.rating) settings.ratingWords = inspection.ratingWords;
  if (inspection.timeUnit.value) settings.timeUnit = inspection.timeUnit.value;
  if (inspection.implicit.value) settings.implicit = true;
  if (wide.value) {
    settings.wide = true;
    if (inspection.missing.value !== null) settings.missing = inspection.missing.value;
  }
  if (inspection.perLine.value) settings.userPerLine = true;
  if (inspection.sheet !== null) settings.sheet = inspection.sheet;
  if (inspection.member !== null) settings.member = inspection.member;
  return settings;
}
