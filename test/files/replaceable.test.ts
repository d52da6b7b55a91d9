/** What a result may replace: an older one of its kind, and nothing that only has its name. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { checkOutput } from '../../lib/encoder/encode-file.js';
import { writeNpy } from '../../lib/files/npy.js';
import { checkReplaceable, isFirstLine } from '../../lib/files/replaceable.js';
import { writeSafetensors } from '../../lib/files/safetensors.js';

const folder = mkdtempSync(join(tmpdir(), 'replaceable-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Uint8Array = ''): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const tensor = { dtype: 'F32' as const, shape: [2, 3], data: new Float32Array(6) };

describe('an output of embeddings', () => {
  it('replaces embeddings, an empty file, and nothing', async () => {
    await writeSafetensors(join(folder, 'old.safetensors'), { embeddings: tensor });
    await writeNpy(join(folder, 'old.npy'), tensor.data, [2, 3]);
    for (const path of ['old.safetensors', 'old.npy', 'new.npy'].map((name) => join(folder, name)))
      await checkOutput(path);
    await checkOutput(file('empty.npy'));
    await checkOutput('/dev/null.npy');
  });

  it.each(['model.safetensors', 'labels.npy', 'text.npy'])('does not replace %s', async (name) => {
    const path = file(name, 'black holes\n');
    if (name === 'model.safetensors') await writeSafetensors(path, { 'layers.0.weight': tensor });
    if (name === 'labels.npy') {
      const header = "\x93NUMPY\x01\x00v\x00{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }".padEnd(127);
      writeFileSync(path, `${header}\n${'\0'.repeat(24)}`, 'latin1');
    }
    const before = readFileSync(path);
    await expect(checkOutput(path)).rejects.toThrow(
      `${path} is there and holds no embeddings: choose another --output, or move it away`,
    );
    expect(readFileSync(path)).toEqual(before);
  });
});

describe('an output of lines', () => {
  const kind = { what: 'numbers', option: '--out', isOne: (path: string) => isFirstLine(path, (text) => text === '1') };

  it.each([
    ['of the kind', '1\n2\n', true],
    ['of the kind, after a blank line', '\n1\n', true],
    ['of the kind, compressed', gzipSync('1\n'), true],
    ['of another kind', '2\n1\n', false],
    ['without a line', '\n\n', false],
    ['that is no text', Buffer.from([0xff, 0xfe, 0, 0, 1]), false],
  ])('%s', async (_, content, may) => {
    const checked = checkReplaceable(file('lines', content), kind);
    if (may) await checked;
    else await expect(checked).rejects.toThrow(/holds no numbers: choose another --out/);
  });
});
