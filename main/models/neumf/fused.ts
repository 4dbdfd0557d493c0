/** NeuMF on the fused kernels, with the optional pre-training of its parts. */
import type { FusedFactory, TrainableModel, TrainingContext } from '../../model/model.ts';
import { fuseParts, initialNeumf, neumfShape } from './shape.ts';
import { Random } from '../../numeric/random.ts';
import { refuseClipping } from '../../kernels/no-clipping.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { createNeumfCore } from './fused-core.ts';
import type { ModelState } from '../../numeric/state.ts';

export const createNeumf: FusedFactory = async (context, kernels) => {
  refuseClipping(context.parameters);
  return new FusedNeumf(context, kernels);
};

class FusedNeumf implements TrainableModel {
  readonly examplesPerEpoch: number;
  readonly scorer: TrainableModel['scorer'];
  readonly weights: TrainableModel['weights'];
  readonly dispose: TrainableModel['dispose'];
  readonly state: TrainableModel['state'];
  readonly restore: TrainableModel['restore'];
  readonly restoreWeights: TrainableModel['restoreWeights'];
  readonly #context: TrainingContext;
  readonly #kernels: Kernels;
  readonly #core;

  constructor(context: TrainingContext, kernels: Kernels) {
    this.#context = context;
    this.#kernels = kernels;
    const core = createNeumfCore(context, kernels, firstWeights(context));
    this.#core = core;
    this.examplesPerEpoch = core.examplesPerEpoch;
    this.scorer = core.scorer;
    this.weights = core.weights;
    this.dispose = core.dispose;
    this.state = core.state;
    this.restore = core.restore;
    this.restoreWeights = core.setWeights;
  }

  /** Pre-training is part of the first epoch: the parts are trained, fused, and then trained on together. */
  async trainEpoch(epoch: number, tick: (done: number) => Promise<void>): Promise<{ loss: number }> {
    const { parameters } = this.#context;
    if (epoch === 1 && parameters['pretrain'] === true && parameters['mode'] === 'neumf') {
      const gmf = await this.#trainPart('gmf', tick);
      const mlp = await this.#trainPart('mlp', tick);
      const alpha = Number(parameters['alpha']);
      this.#core.setWeights(fuseParts(gmf, mlp, neumfShape(parameters), alpha));
    }
    return this.#core.trainEpoch(epoch, tick);
  }

  async #trainPart(mode: 'gmf' | 'mlp', tick: (done: number) => Promise<void>): Promise<ModelState> {
    const context: TrainingContext = {
      ...this.#context,
      parameters: { ...this.#context.parameters, mode },
    };
    const part = createNeumfCore(context, this.#kernels, firstWeights(context));
    try {
      const epochs = Number(context.parameters['pretrainEpochs']);
      for (let epoch = 1; epoch <= epochs; epoch++) await part.trainEpoch(epoch, () => tick(0));
      return part.weights();
    } finally {
      part.dispose();
    }
  }
}

function firstWeights({ parameters, train, seed }: TrainingContext): ModelState {
  const random = new Random(seed, 'init');
  return initialNeumf(neumfShape(parameters), train.userCount, train.itemCount, parameters, random);
}
