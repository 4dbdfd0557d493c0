import { Cells } from './cells.ts';
import { studyData } from './data.ts';
import type { Parameters, ParameterValue } from '../../shared/config.ts';
const grid = (values: Record<string, ParameterValue[]>): Parameters[] =>
  Object.entries(values).reduce<Parameters[]>(
    (s, [n, o]) => s.flatMap((x) => o.map((y) => ({ ...x, [n]: y }))),
    [{}],
  );
const cells = new Cells();
for (const part of process.argv[2].split(','))
  for (const data of studyData.filter((d) => !d.kept))
    for (const seed of [1, 2]) {
      const r = data.load();
      if (seed === 1 && r) console.log(data.name, r.userCount, r.itemCount, r.item.length);
      const run = async (model: string, all: Parameters[]) => {
        for (const parameters of all) await cells.get({ data, model, parameters, seed });
      };
      if (part === 'ease') await run('ease', grid({ regularization: [20, 50, 100, 200, 500, 1000, 2000] }));
      if (part === 'itemknn')
        await run(
          'itemknn',
          grid({
            weighting: ['none', 'tfidf'],
            neighbors: [20, 50, 100, 200],
            shrinkage: [0, 5, 10, 20, 50],
          }),
        );
      if (part === 'ials')
        await run(
          'ials',
          grid({
            unobservedWeight: [0.05, 0.1, 0.2, 0.4],
            regularization: [0.0005, 0.001, 0.002, 0.005],
            epochs: [24],
            patience: [0],
          }),
        );
    }
