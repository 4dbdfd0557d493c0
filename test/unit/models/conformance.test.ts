/**
 * One truth: the back ends of tfjs compute the same run (same start, same order, same numbers but for rounding), and
 * the kernels, whose random streams are their own, follow the same loss.
 */
import { describe, expect, it } from 'vitest';
import { models } from '../../../main/models/registry.ts';
import type { ModelDefinition } from '../../../main/model/model.ts';
import type { EngineName } from '../../../main/training/choose-compute.ts';
import type { Parameters } from '../../../shared/config.ts';
import { checkerboard } from './boards.ts';
import { allScores, engineReasons, loadedEnginesOf, open, trainEpochs } from './engines.ts';

/** tfjs takes long for one sample a step; two epochs have hundreds of steps then. */
const epochsOf = ({ steps }: Parameters): number => (steps === 'single' ? 2 : 6);

interface Outcome {
  readonly losses: number[];
  readonly scores: Float32Array;
}

/** A run of a back end is what two tests compare with: it is done once. */
const runs = new Map<string, Promise<Outcome>>();
function run(definition: ModelDefinition, engine: EngineName, parameters: Parameters): Promise<Outcome> {
  const key = JSON.stringify([definition.name, engine, parameters]);
  const known = runs.get(key) ?? train(definition, engine, parameters);
  runs.set(key, known);
  return known;
}

async function train(
  definition: ModelDefinition,
  engine: EngineName,
  parameters: Parameters,
): Promise<Outcome> {
  const { train: board } = checkerboard(definition.kind === 'ratings');
  const opened = await open(definition, engine, board, { parameters });
  const losses = await trainEpochs(opened, definition.iterative ? epochsOf(parameters) : 1);
  const scores = await allScores(opened, board);
  opened.dispose();
  return { losses, scores };
}

const cases = models.flatMap((model) =>
  [{}, ...(model.suite?.variants ?? [])].map((parameters) => ({
    model,
    parameters,
    title: `${model.name} ${JSON.stringify(parameters)}`,
  })),
);
const withTfjs = cases.filter(({ model }) => model.factories.tensorflow);
const withKernels = cases.filter(({ model }) => loadedEnginesOf(model).includes('fused'));
const backends = (['tensorflow', 'wasm'] as const).filter((name) => engineReasons.get(name) === null);
console.log(
  `Conformance: ${backends.join(', ')} against cpu for ${withTfjs.length} configurations; ` +
    `fused for ${withKernels.length}.`,
);

describe('a back end of tfjs computes what plain code computes', () => {
  for (const { model, parameters, title } of withTfjs)
    it(title, async () => {
      const expected = await run(model, 'cpu', parameters);
      for (const backend of backends) {
        const actual = await run(model, backend, parameters);
        actual.losses.forEach((loss, k) =>
          expectClose(loss, expected.losses[k], 1e-3, `${backend}, epoch ${k + 1}`),
        );
        expectCloseScores(actual.scores, expected.scores, backend);
      }
    });
});

describe('the kernels follow the loss of the definition', () => {
  for (const { model, parameters, title } of withKernels)
    it(title, async () => {
      const reference = model.factories.tensorflow && backends[0] ? backends[0] : 'cpu';
      const expected = await run(model, reference, parameters);
      const actual = await run(model, 'fused', parameters);
      if (!model.iterative) return expectCloseScores(actual.scores, expected.scores, 'fused');
      expectClose(actual.losses[0], expected.losses[0], 0.1, 'first epoch');
      const last = epochsOf(parameters) - 1;
      return expectClose(actual.losses[last], expected.losses[last], 0.25, 'last epoch');
    });
});

/** To a hundredth of the largest score. */
function expectCloseScores(actual: Float32Array, expected: Float32Array, what: string): void {
  const largest = Math.max(...expected.map(Math.abs));
  actual.forEach((score, k) =>
    expect(Math.abs(score - expected[k]) / largest, `${what}, score ${k}`).toBeLessThan(0.01),
  );
}

function expectClose(actual: number, expected: number, tolerance: number, what: string): void {
  const size = Math.max(Math.abs(expected), 1e-3);
  expect(Math.abs(actual - expected) / size, `${what}: ${actual} for ${expected}`).toBeLessThan(tolerance);
}
