/** docs/defaults.md: what was tried, and how the defaults do on data that nothing was chosen on. */
import { studyData, type StudyData } from './data.ts';
import { choosingSeeds, keptSeeds } from './plan.ts';

/** Means over seeds, by data set. */
export interface Tried {
  readonly words: string;
  readonly figures: Map<string, { readonly validation: number; readonly test: number }>;
}

/** Rows of the table of what was tried: the best ones by their mean loss. */
const SHOWN = 12;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Relative loss of validation to the best setting of each data set, and its mean: what defaults are chosen by. */
export function triedTable(model: string, data: readonly StudyData[], tried: readonly Tried[]): string {
  const best = new Map(
    data.map(({ name }) => [
      name,
      Math.max(...tried.map(({ figures }) => figures.get(name)?.validation ?? 0)),
    ]),
  );
  const losses = tried.map(({ words, figures }) => {
    const each = data.map(({ name }) => {
      const figure = figures.get(name)?.validation;
      return figure === undefined ? null : figure / (best.get(name) ?? figure) - 1;
    });
    const known = each.filter((loss) => loss !== null);
    const mean = known.reduce((sum, loss) => sum + loss, 0) / Math.max(1, known.length);
    return { words, each, mean, whole: known.length === data.length };
  });
  const shown = losses.filter(({ whole }) => whole).sort((a, b) => b.mean - a.mean);
  return [
    `## ${model}`,
    '',
    `${tried.length} settings; the ${SHOWN} with the least mean loss, each against the best setting of the data set.`,
    '',
    row(['Setting', 'Mean', ...data.map(({ name }) => name)]),
    row(['---', '---:', ...data.map(() => '---:')]),
    ...shown
      .slice(0, SHOWN)
      .map(({ words, each, mean }) => row([words, percent(mean), ...each.map((loss) => percent(loss ?? 0))])),
  ].join('\n');
}

/** The default against the best of twelve on the kept data sets: chosen on validation, compared on test. */
export function keptTable(data: readonly StudyData[], [usual, ...twelve]: readonly Tried[]): string {
  const lines = data.flatMap(({ name }) => {
    const own = usual.figures.get(name);
    const others = twelve.filter(({ figures }) => figures.has(name));
    if (!own || others.length < twelve.length) return [];
    const of = (one: Tried): number => one.figures.get(name)?.validation ?? 0;
    const chosen = others.reduce((best, one) => (of(one) > of(best) ? one : best));
    const test = chosen.figures.get(name)?.test ?? Number.NaN;
    const cells = [name, own.test.toFixed(4), test.toFixed(4), chosen.words];
    return [row([...cells, percent(own.test / test - 1)])];
  });
  if (lines.length === 0) return 'The kept data sets have not been looked at.';
  return [
    'On the kept data sets, test NDCG@10:',
    '',
    row(['Data', 'Default', 'Best of twelve', 'which is', 'Difference']),
    row(['---', '---:', '---:', '---', '---:']),
    ...lines,
  ].join('\n');
}

export function chosenPage(sections: readonly string[]): string {
  const sets = studyData.map(({ name, shape, kept }) => row([name, shape, kept ? 'kept' : 'choosing']));
  return `${[
    '# Defaults',
    'Made by `npm run defaults`. A default is chosen by its mean relative loss of NDCG@10 on validation to the best of what ' +
      `was tried on each data set (seeds ${choosingSeeds.join(' and ')} of split and model, a random tenth of the ratings test, a ` +
      `tenth of the rest validation, every rating an interaction), and by its worst where means are alike. The test part is looked at on ` +
      `the kept data sets alone (seeds ${keptSeeds.join(', ')}), for the default and the best of twelve on validation. n_u and n_i are ` +
      'ratings a user and an item, density is ratings ÷ (users × items).',
    [row(['Data', 'Shape', 'For']), row(['---', '---', '---']), ...sets].join('\n'),
    ...sections,
  ].join('\n\n')}\n`;
}
