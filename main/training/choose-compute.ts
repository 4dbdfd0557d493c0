/** Which engine computes a run, and why not a better one. */
import os from 'node:os';
import type { ComputeName, ComputeRecord, Parameters } from '../../shared/config.ts';
import { WorkbenchError } from '../base/errors.ts';
import { reinstall } from '../base/reinstall.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { ModelDefinition, TrainableModel, TrainingContext } from '../model/model.ts';
import { messageOf } from '../base/message-of.ts';

export type EngineName = Exclude<ComputeName, 'auto'>;

/** Best first: what `auto` tries. */
const order: readonly EngineName[] = ['fused', 'tensorflow', 'wasm', 'cpu'];

/** A model with the engine that it trains on. */
export interface OpenedModel {
  readonly model: TrainableModel;
  /** Hyper-parameters that it was made with. */
  readonly parameters: Parameters;
  readonly record: ComputeRecord;
  /** The kernels that it trains on; null on another engine. */
  readonly kernels: Kernels | null;
  /** Frees the model and the engine. */
  dispose(): void;
}

/**
 * Makes the model of a definition on the engine that is asked for. `auto` takes the first engine that loads and covers
 * the parameters, in the order fused, tensorflow, wasm, cpu, and notes why it took no better one. A named engine is
 * taken or fails.
 * @param threads null: as many as the machine has cores
 * @throws WorkbenchError `compute-unavailable` where the named engine, or every one, does not load
 */
export async function chooseCompute(
  definition: ModelDefinition,
  requested: ComputeName,
  threads: number | null,
  context: TrainingContext,
): Promise<OpenedModel> {
  const count = threads ?? os.availableParallelism();
  if (requested !== 'auto') {
    assertWritten(definition, requested);
    return openNamed(definition, requested, count, context);
  }
  const reasons: string[] = [];
  for (const engine of order) {
    if (!enginesOf(definition).includes(engine)) continue;
    try {
      const opened = await openNamed(definition, engine, count, context);
      return reasons.length === 0
        ? opened
        : { ...opened, record: { ...opened.record, note: reasons.join(' ') } };
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      reasons.push(`Not ${engine}: ${messageOf(error).replace(/\.?$/, '.')}`);
    }
  }
  throw new WorkbenchError(
    'compute-unavailable',
    `Nothing that can train ${definition.title} loads. ${reasons.join(' ')}`,
    `${reinstall()}; Settings → Diagnostics, or doctor, says more.`,
  );
}

/** The engines that a model is defined for, best first. */
export function enginesOf(definition: Pick<ModelDefinition, 'factories'>): EngineName[] {
  const { fused, tensorflow, cpu } = definition.factories;
  return order.filter((engine) => {
    if (engine === 'fused') return fused !== undefined;
    return tensorflow !== undefined || (engine === 'cpu' && cpu !== undefined);
  });
}

/**
 * A named engine is never replaced by another: baselines, say, are plain code, and no TensorFlow computes them.
 * @throws WorkbenchError `compute-unavailable` where the model is not written for it
 */
export function assertWritten(
  definition: Pick<ModelDefinition, 'title' | 'factories'>,
  requested: ComputeName,
): void {
  if (requested !== 'auto' && !enginesOf(definition).includes(requested))
    throw undefinedEngine(definition, requested);
}

function isUnavailable(error: unknown): boolean {
  return (
    error instanceof WorkbenchError &&
    (error.code === 'compute-unavailable' || error.code === 'compute-unsupported')
  );
}

async function openNamed(
  definition: ModelDefinition,
  engine: EngineName,
  threads: number,
  context: TrainingContext,
): Promise<OpenedModel> {
  if (engine === 'fused') return openFused(definition, threads, context);
  if (engine === 'cpu' && definition.factories.cpu) return openPlain(definition, context);
  const factory = await definition.factories.tensorflow?.();
  if (!factory) throw undefinedEngine(definition, engine);
  const { loadTensorFlow } = await import('../tensorflow/tensorflow.ts');
  const compute = await loadTensorFlow(engine, { threads });
  return withModel(compute, null, context, () => factory(context, compute));
}

async function openFused(
  definition: ModelDefinition,
  threads: number,
  context: TrainingContext,
): Promise<OpenedModel> {
  if (!definition.factories.fused) throw undefinedEngine(definition, 'fused');
  const { loadKernels } = await import('../kernels/kernels.ts');
  const loading = loadKernels({ threads }).catch((error: unknown) => {
    throw new WorkbenchError(
      'compute-unavailable',
      `The fused kernels do not load: ${messageOf(error)}`,
      `${reinstall()}, or choose another compute.`,
    );
  });
  // The model's code is read while the kernels' threads start.
  const [kernels, factory] = await Promise.all([loading, definition.factories.fused()]);
  return withModel(kernels, kernels, context, () => factory(context, kernels));
}

async function openPlain(definition: ModelDefinition, context: TrainingContext): Promise<OpenedModel> {
  const factory = await definition.factories.cpu?.();
  if (!factory) throw undefinedEngine(definition, 'cpu');
  const version = `Node ${process.versions.node}`;
  const record = { engine: 'cpu', backend: 'plain code', version, simd: 'none', threads: 1 } as const;
  return withModel({ record, dispose: () => undefined }, null, context, () => factory(context));
}

async function withModel(
  compute: { readonly record: ComputeRecord; dispose(): void },
  kernels: Kernels | null,
  { parameters }: TrainingContext,
  create: () => Promise<TrainableModel>,
): Promise<OpenedModel> {
  try {
    const model = await create();
    const dispose = (): void => {
      model.dispose();
      compute.dispose();
    };
    return { model, parameters, record: compute.record, kernels, dispose };
  } catch (error) {
    compute.dispose();
    throw error;
  }
}

function undefinedEngine(
  definition: Pick<ModelDefinition, 'title' | 'factories'>,
  engine: EngineName,
): WorkbenchError {
  const engines = enginesOf(definition);
  return new WorkbenchError(
    'compute-unavailable',
    `${definition.title} computes on ${engines.join(' or ')} alone, not on ${engine}.`,
    `Choose the compute auto, which takes ${engines[0]} for it.`,
  );
}
