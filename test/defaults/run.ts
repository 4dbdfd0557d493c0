/**
 * `npm run defaults [-- --only model,… --data name,… --kept --report]`: tries the declared settings of each model on data sets of unlike
 * shape, on validation alone, and writes docs/defaults.md. `--kept` then looks at the kept data sets, once a default has
 * been chosen. Finished cells are kept in docs/defaults.json, so that a study can be interrupted and gone on with.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from '../../main/setup/build.ts';
import { resolveParameters } from '../../main/model/parameters.ts';
import { findModel } from '../../main/models/registry.ts';
import { Cells } from './cells.ts';
import { studyData } from './data.ts';
import { choosingSeeds, keptSeeds, studyModels } from './plan.ts';
import { chosenPage, keptTable, type Tried, triedTable } from './report.ts';
import type { Candidate } from './rules.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    data: { type: 'string' },
    kept: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
  },
});
const wanted = values.only?.split(',');
const wantedData = values.data?.split(',');
// Kernels of an older build compute something else without a word.
await build(['kernels'], true);
const cells = new Cells(values.report);
const sections: string[] = [];
for (const { model, chosen, tried, twelve, seeds = choosingSeeds } of studyModels) {
  const trains = !wanted || wanted.includes(model);
  const choosing = studyData.filter(({ kept }) => !kept);
  const rows = await figuresOf(choosing, tried, seeds, model, trains);
  sections.push(triedTable(model, choosing, rows), chosen);
  const held = studyData.filter(({ kept }) => kept);
  const definition = findModel(model);
  if (!definition) throw new Error(`There is no model ${model}.`);
  // Whole, so that a default that changes is another cell.
  const usual: Candidate = { words: 'default', of: (data) => resolveParameters(definition, {}, data) };
  const keptRows = await figuresOf(held, [usual, ...twelve], keptSeeds, model, trains && values.kept);
  sections.push(keptTable(held, keptRows));
}
writeFileSync(fileURLToPath(new URL('../../docs/defaults.md', import.meta.url)), chosenPage(sections));
process.exit(0);

/** [candidate][data set] means over seeds; what is not there is left out. */
async function figuresOf(
  data: typeof studyData,
  candidates: readonly Candidate[],
  seeds: readonly number[],
  model: string,
  trains: boolean,
): Promise<Tried[]> {
  const rows: Tried[] = candidates.map(({ words }) => ({ words, figures: new Map() }));
  for (const one of data) {
    const asked = !wantedData || wantedData.includes(one.name);
    for (const [k, { of }] of candidates.entries()) {
      const found = [];
      for (const seed of seeds) found.push(await cells.get({ data: one, model, of, seed }, trains && asked));
      const there = found.filter((cell) => cell !== null);
      if (there.length < seeds.length) continue;
      const mean = (value: (cell: (typeof there)[number]) => number): number =>
        there.reduce((sum, cell) => sum + value(cell), 0) / there.length;
      const validation = mean(({ curve }) => Math.max(...curve));
      rows[k].figures.set(one.name, { validation, test: mean(({ test = Number.NaN }) => test) });
    }
  }
  return rows;
}
