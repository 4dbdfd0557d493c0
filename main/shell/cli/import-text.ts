/** What an import came to, for a person. */
import type { ImportOutcome, Interpretation } from '../../../shared/imports.ts';
import { printableLine } from './printable.ts';
import { figure } from './text.ts';

/** Rejected records that a person is shown. */
const shownRejects = 5;

/** An import that went through, or a dry run. */
export function outcomeText(outcome: ImportOutcome): string {
  const { dataset, users, items, interpretations, seconds } = outcome;
  const took = `${seconds.toFixed(2)} s`;
  const size = `${figure(users)} users, ${figure(items)} items`;
  return [
    dataset
      ? `Imported "${dataset.name}" in ${took}: ${size}, ${figure(dataset.ratings)} ratings.`
      : `Checked in ${took}: ${size}. Nothing was stored.`,
    ...accountText(outcome),
    ...(outcome.sameAs ? [`"${outcome.sameAs.name}" holds the same ratings.`] : []),
    ...interpretations.map(sentenceOf),
  ].join('\n');
}

/** Of an import or of a run made elsewhere. */
export type AccountedFile = Pick<ImportOutcome, 'rejectKinds' | 'rejects'> & {
  readonly accounting: { readonly read: number } & Readonly<Record<string, number>>;
};

/** Counts of records that sum to those that were read. */
const counted = new Set(
  'imported rejected duplicates filtered unknownUsers unknownItems seenItems'.split(' '),
);

/** Where every record went, and the first rejected ones; of a refused import too. */
export function accountText({ accounting, rejectKinds, rejects }: AccountedFile): string[] {
  const parts = Object.entries(accounting).flatMap(([part, count]) =>
    counted.has(part) ? [`${part} ${figure(count)}`] : [],
  );
  return [
    `read ${figure(accounting.read)} = ${parts.join(' + ')}`,
    ...Object.entries(rejectKinds).map(([kind, count]) => `  ${kind}: ${figure(count)}`),
    ...rejects.slice(0, shownRejects).map(rejectText),
    ...(rejects.length > shownRejects ? ['  … all of them with --rejects-out FILE'] : []),
  ];
}

function rejectText({ line, kind, found, expected, file }: ImportOutcome['rejects'][number]): string {
  const place = `line ${figure(line)}${file ? ` of the ${file} file` : ''}`;
  return `  ${place}: ${kind}: expected ${expected}, found ${found === '' ? 'nothing' : `"${printableLine(found)}"`}`;
}

/** The interpretation in words, with the options that decide it otherwise. */
function sentenceOf({ text, otherwise }: Interpretation): string {
  const choices = otherwise.map(({ title, option }) =>
    option === '' ? `${title}.` : `${title}: ${option}.`,
  );
  return [text, ...choices].join(' ');
}

/** The interpretations' sentences as JSON has them: `warnings` are doubted or asked, `notes` are told. */
export function sentencesOf({ interpretations: list }: Pick<ImportOutcome, 'interpretations'>): {
  warnings: string[];
  notes: string[];
} {
  return {
    warnings: list.filter(({ weight }) => weight !== 'told').map(sentenceOf),
    notes: list.filter(({ weight }) => weight === 'told').map(sentenceOf),
  };
}

/** What an error of an import tells beside its message. */
export function hasInterpretations(details: unknown): details is Pick<ImportOutcome, 'interpretations'> {
  return typeof details === 'object' && details !== null && 'interpretations' in details;
}
