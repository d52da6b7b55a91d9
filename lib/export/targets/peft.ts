/** The adapter as PEFT loads it, byte for byte as it was trained, with the tokenizer of its base. */
import { copyFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../core/errors.js';
import { readJsonFile } from '../../files/json-file.js';
import type { ExportTarget } from '../target.js';
import { copyTokenizer, writeJson } from '../transformer-files.js';

const WEIGHTS = 'adapter_model.safetensors';
const CONFIG = 'adapter_config.json';

export const peftTarget: ExportTarget = {
  name: 'peft',
  description: 'the LoRA adapter alone, as PEFT loads it onto its base',
  precisions: [],
  several: false,
  library: 'peft',
  check({ adapter, name }) {
    if (adapter) return;
    throw new UserError(
      `${name} has no adapter, all of its weights are its own: export it with --to sentence-transformers or --to merged`,
    );
  },
  async write(folder, source) {
    const { adapter, baseName } = source;
    const from = (adapter as NonNullable<typeof adapter>).folder;
    await copyFile(join(from, WEIGHTS), join(folder, WEIGHTS));
    const schema = z.record(z.string(), z.unknown());
    const config = await readJsonFile(join(from, CONFIG), schema, 'save the adapter again with PEFT');
    // a path of this machine helps nobody
    await writeJson(folder, CONFIG, { ...config, base_model_name_or_path: source.hubBase ?? baseName });
    await copyTokenizer(source, folder);
    const { size } = await stat(join(folder, WEIGHTS));
    return [{ precision: 'f32', files: [WEIGHTS], bytes: size }];
  },
};
