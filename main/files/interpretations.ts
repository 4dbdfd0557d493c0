/** Says what was taken for what: the list that a preview, a check and an import carry. */
import type { ImportSettings, Interpretation, Remedy } from '../../shared/imports.ts';

/** Rows of a preview's interpretation are those of the sample. */
type Facts = Pick<Interpretation, 'rows'> & Partial<Pick<Interpretation, 'sampled' | 'otherwise'>>;

const LONGEST = 1000;

const interpretation =
  (weight: Interpretation['weight']) =>
  (code: string, text: string, { rows, sampled = false, otherwise = [] }: Facts): Interpretation => ({
    code,
    weight,
    // Ids and values of the file stand in it, and may be of any length.
    text: text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text,
    rows,
    sampled,
    otherwise,
  });

/** Likely right, and said because it could be otherwise. */
export const told = interpretation('told');
/** Likely not what was meant. */
export const doubted = interpretation('doubted');
/** Nothing is imported before it is decided. */
export const asked = interpretation('asked');

/** @param option of the command line, such as `--missing 0`, that says the same as the settings */
export function remedy(title: string, option: string, settings: ImportSettings): Remedy {
  return { title, option, settings };
}

/**
 * The sample's list and the whole file's: where both have one of a code, that of the whole file counts.
 */
export function merged(
  sampled: readonly Interpretation[],
  whole: readonly Interpretation[],
): Interpretation[] {
  const known = new Set(whole.map(({ code }) => code));
  return [...sampled.filter(({ code }) => !known.has(code)), ...whole];
}
