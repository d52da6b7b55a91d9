/** The project's own encoder, tuned or not, as a system to evaluate. */
import type { Config } from '../../config/config.js';
import { embedTexts } from '../../encoder/embed-texts.js';
import type { Encoder } from '../../encoder/encoder.js';
import { limitTokens, sentenceUse } from '../../models/sentence/sentence-use.js';
import { checkSetPrompts } from '../../tokens/set-prompts.js';
import { type EmbeddingModel, noEmbedding, zeroRows } from './embedding-model.js';
import type { SystemDefinition } from './system-definition.js';
import type { SystemKind } from './system-kind.js';

export const untunedDefinition: SystemDefinition = {
  usage: 'untuned',
  description: 'the encoder as it is before training',
  create: async (_name, { untuned, embedding }) => embedding(await untuned()),
};

export const tunedDefinition: SystemDefinition = {
  usage: 'tuned',
  description: 'the encoder with what it has learned in the run',
  create: async (name, { tuned, embedding }) =>
    tuned ? embedding(await tuned()) : { name, reason: 'nothing was trained' },
};

/** @param name as in the report; also what the progress says */
export function encoderModel(
  name: string,
  encoder: Encoder,
  config: Config,
  kind: SystemKind = name === 'tuned' ? 'tuned' : 'untuned',
): EmbeddingModel {
  const use = sentenceUse(config.encoder, encoder.base.sentence);
  checkSetPrompts(config, encoder.base.sentence);
  const { prompts, lowerCase } = use;
  const limits = {
    query: limitTokens(config.tokens.maxTitleTokens, use),
    document: limitTokens(config.tokens.maxAbstractTokens, use),
  };
  return {
    name,
    kind,
    dimensions: encoder.dimensions,
    fingerprint: JSON.stringify([encoder.fingerprint(), prompts, lowerCase, limits]),
    leavesOut: true,
    async embed(texts, role, { prompt = prompts[role], ...reporting } = {}) {
      const { onProgress } = reporting;
      const withoutTokens = new Set<number>();
      const vectors = await embedTexts(encoder, texts, {
        ...reporting,
        maxLength: limits[role],
        prompt,
        lowerCase,
        tokenBudget: config.batches.tokenBudget,
        onNoTokens: (text) => withoutTokens.add(text),
        // callers count texts; the encoder counts tokens
        onProgress:
          onProgress &&
          ((event) => {
            const done = Math.round((texts.length * event.done) / (event.total || 1));
            onProgress({ task: `encoding, ${name}`, done, total: texts.length, unit: 'texts' });
          }),
      });
      for (const row of zeroRows(vectors, encoder.dimensions)) {
        if (!withoutTokens.has(row)) throw noEmbedding(name, 'only zeros', texts[row] as string);
      }
      return vectors;
    },
  };
}
