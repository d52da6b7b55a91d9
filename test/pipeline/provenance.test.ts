/** Provenance beside weights that are being replaced. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { readProvenance, setProvenanceAside, writeProvenance } from '../../lib/pipeline/provenance.js';
import { runIdentity } from '../../lib/pipeline/run-identity.js';

let folder: string;
const weigh = (text: string): void => writeFileSync(join(folder, 'adapter_model.safetensors'), text);
const use = { model: 'm', pooling: 'mean', attention: 'causal', queryPrompt: '', documentPrompt: '' };
const provenance = {
  identity: runIdentity(resolveConfig(), { dataset: 'd', model: 'm', engine: 'e' }),
  use: { ...use, maxTitleTokens: 64, maxAbstractTokens: 256 },
  step: 2,
  progress: { step: 2, totalSteps: 4, finished: false },
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'provenance-'));
  weigh('first');
  await writeProvenance(folder, provenance);
  await setProvenanceAside(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('provenance that stands aside', () => {
  it('still describes weights that were not replaced after all, as on a full disk', async () => {
    expect(await readProvenance(folder)).toMatchObject({ step: 2 });
    await setProvenanceAside(folder);
    expect(await readProvenance(folder)).toMatchObject({ step: 2 });
  });

  it('describes no others', async () => {
    weigh('second');
    expect(await readProvenance(folder)).toBeNull();
  });

  it('gives way to that of the new weights', async () => {
    weigh('second');
    await writeProvenance(folder, { ...provenance, step: 4 });
    expect(await readProvenance(folder)).toMatchObject({ step: 4 });
    expect(readdirSync(folder).sort()).toEqual(['adapter_model.safetensors', 'provenance.json']);
  });
});
