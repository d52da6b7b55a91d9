/** Whether the encoder and the corpus that come with the package are in place and whole. */

import { basename, join } from 'node:path';
import { quantity } from '../core/quantity.js';
import { emptyCounts } from '../datasets/json-lines.js';
import { readSnapshot } from '../datasets/snapshot/read.js';
import { SAMPLE_CORPUS } from '../datasets/sources/sample.js';
import { openSafetensors } from '../files/safetensors.js';
import { missingModelFiles } from '../hub/model-files.js';
import { resolveModelFolder } from '../hub/resolve-model.js';
import { readModelConfig } from '../models/model-config.js';
import { type Check, missing, ok, reasonOf } from './check.js';

const RESTORE = 'take data/ from the package or its repository again';

/** Opens the encoder's files, which finds truncated ones. @param model as the configuration names it, or a folder */
export async function checkSampleEncoder(model: string): Promise<Check> {
  const name = 'sample encoder';
  try {
    const folder = await resolveModelFolder(model, { revision: 'main' });
    const lacking = await missingModelFiles(folder);
    if (lacking.length > 0) return missing(name, `${folder} lacks ${lacking.join(', ')}`, RESTORE);
    const { hiddenSize, layers, vocabularySize } = await readModelConfig(folder);
    await (await openSafetensors(join(folder, 'model.safetensors'))).close();
    const layerCount = quantity(layers, 'layers');
    return ok(
      name,
      `${basename(model)}: ${layerCount} of width ${hiddenSize}, ${vocabularySize.toLocaleString('en-US')} tokens`,
    );
  } catch (error) {
    return missing(name, reasonOf(error), RESTORE);
  }
}

/** Reads the corpus to its end. */
export async function checkSampleCorpus(path = SAMPLE_CORPUS): Promise<Check> {
  const name = 'sample corpus';
  const counts = emptyCounts();
  let papers = 0;
  try {
    for await (const _ of readSnapshot(path, { isWanted: () => true, strict: true }, counts)) papers++;
  } catch (error) {
    return missing(name, reasonOf(error), RESTORE);
  }
  return papers > 0
    ? ok(name, `${papers.toLocaleString('en-US')} papers`)
    : missing(name, `${path} has no papers`, RESTORE);
}
