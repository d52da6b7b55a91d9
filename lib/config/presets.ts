import type { ConfigInput } from './schema.js';

/** Named starting points; settings on top of them win. */
export const PRESETS: Record<string, ConfigInput> = {
  // The embedded corpus, and of the embedded encoders the one that has not learned to retrieve, so that there is something
  // to see: about two minutes on two cores. All titles are queries, since the main topic alone has too few to tell.
  sample: {
    encoder: { model: 'sample-base' },
    tokens: { maxTitleTokens: 64, maxAbstractTokens: 512 },
    // four epochs of the embedded corpus; of a larger one as many pairs, which is where the small encoders have learned most
    training: { epochs: 4, maxSteps: 72, learningRate: 2e-3, validationPapers: null },
    evaluation: { queries: 'all' },
  },
  // What tuning adds to an encoder that finds abstracts already: the embedded one that saw no gr-qc, on real records. A
  // linear map of what the layer gives, learned from many negatives a pair; with all modules it got worse. A minute.
  'sample-general': {
    encoder: { model: 'sample-general', lora: { rank: 256, alpha: 512, targetModules: ['o_proj'] } },
    tokens: { maxTitleTokens: 64, maxAbstractTokens: 512 },
    batches: { pairs: 256 },
    training: {
      epochs: 8,
      maxSteps: 20,
      batches: 'on-target',
      learningRate: 1e-3,
      temperature: 0.03,
      validateEvery: null,
      validationPapers: null,
      tokenDropout: { title: 0.4, abstract: 0.7 },
    },
    evaluation: { queries: 'all' },
  },
  // The reference experiment: LoRA on Qwen2.5-0.5B-Instruct, made for a GPU or a patient CPU.
  'qwen2.5-0.5b': {
    encoder: { model: 'Qwen/Qwen2.5-0.5B-Instruct' },
    tokens: { maxTitleTokens: 64, maxAbstractTokens: 512 },
    batches: { pairs: 256 },
    // 2 GB of activations are kept for a tenth more of speed, and cost 0.6 GB
    // all validation papers of a large snapshot would take a fifth of the time
    training: { learningRate: 1e-4, warmupShare: 0.1, validateEvery: 25, validationPapers: 2048, memoryBudget: 1 },
  },
};

/** The preset of a model, where none is named: what suits one of the small encoders does not suit a model from elsewhere. */
export function presetFor(model: string): string {
  if (model === 'sample-base') return 'sample';
  // both find abstracts already: training all of their modules takes five times as long and makes them worse
  return model === 'sample' || model === 'sample-general' ? 'sample-general' : 'qwen2.5-0.5b';
}
