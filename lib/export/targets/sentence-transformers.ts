/** A folder that `SentenceTransformer(path)` loads, with pooling, prompts, similarity and longest input. */
import { writeSentenceFiles } from '../sentence-files.js';
import type { ExportTarget } from '../target.js';
import { mergedTarget, writeTransformer } from './merged.js';

export const sentenceTransformersTarget: ExportTarget = {
  ...mergedTarget,
  name: 'sentence-transformers',
  description: 'a folder that SentenceTransformer(path) loads, with pooling, prompts and longest input',
  library: 'sentence-transformers',
  write: async (folder, source, options) => {
    const variant = await writeTransformer(folder, source, options);
    await writeSentenceFiles(folder, source);
    return [variant];
  },
};
