/** `openai` and `openai:MODEL` in the registry of systems. */
import { openaiModel } from './openai.js';
import type { SystemDefinition } from './system-definition.js';

export const openaiDefinition: SystemDefinition = {
  usage: 'openai, openai:MODEL',
  description: 'the embeddings service that evaluation.openaiModel names; or MODEL',
  matches: (name) => /^openai(:.+)?$/.test(name),
  async create(name, { config, confirmCost, embedding, fromCache }) {
    const apiKey = process.env.OPENAI_API_KEY?.trim() || null;
    if (apiKey === null && !fromCache) return { name, reason: 'OPENAI_API_KEY is not set' };
    const {
      openaiModel: configured,
      openaiDimensions,
      openaiBaseUrl,
      openaiCostLimit,
      openaiBatchTexts: batchTexts,
    } = config.evaluation;
    const model = name.slice('openai:'.length) || configured;
    // the dimensions of the configuration belong to its model, not to others named beside it
    const dimensions = model === configured ? openaiDimensions : null;
    const cost = { costLimit: openaiCostLimit, ...(confirmCost ? { confirmCost } : {}) };
    return embedding(openaiModel({ apiKey, model, dimensions, baseUrl: openaiBaseUrl, name, batchTexts, ...cost }));
  },
};
