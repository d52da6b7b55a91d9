/** What is found where a text or a model should be, said as what it is. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { readRun } from '../../lib/evaluation/formats/trec.js';
import { readText } from '../../lib/files/json-file.js';
import { openSafetensors } from '../../lib/files/safetensors.js';
import { readTextFile } from '../../lib/files/text-file.js';

const folder = mkdtempSync(join(tmpdir(), 'foreign-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (content: Buffer): string => {
  const path = join(folder, 'file');
  writeFileSync(path, content);
  return path;
};

const text = Buffer.from('{"text": "a"}\n'.repeat(20));
const tar = Buffer.alloc(2048);
tar.write('papers.jsonl\0', 0);
tar.write('ustar\0', 257);
text.copy(tar, 512);
const pointer =
  'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb\nsize 12345\n';

describe.each([
  ['a pointer of Git LFS', Buffer.from(pointer), 'git lfs pull'],
  ['a web page', Buffer.from('\uFEFF\n<!doctype HTML>\n<html>Sign in</html>'), 'no sign-in is asked for'],
  ['a web page', Buffer.from('<html lang="en"><body>404</body></html>'), 'no sign-in is asked for'],
  ['a tar archive', tar, 'unpack it'],
  ['a tar archive', gzipSync(tar), 'unpack it'],
  ['compressed with gzip twice', gzipSync(gzipSync(text)), 'unpack it once'],
  ['a Parquet table', Buffer.from(`PAR1${'x'.repeat(600)}`), 'JSON lines or CSV'],
  ['a database of SQLite', Buffer.from(`SQLite format 3\0${'x'.repeat(600)}`), 'JSON lines or CSV'],
  ['a PDF', Buffer.from('%PDF-1.7\n'), 'save its text'],
  ['an array of NumPy', Buffer.from('\x93NUMPY\x01\0v\0{}', 'latin1'), 'a file of texts'],
])('%s', (what, content, fix) => {
  it.each([
    ['texts', readTextFile],
    ['a run', readRun],
    ['a text as a whole', readText],
  ])('in place of %s', async (_, read) => {
    const path = file(content);
    const error = await read(path).then(
      () => null,
      (thrown: Error) => thrown,
    );
    expect(error?.message).toBe(`"${path}" is ${what}: expected text; ${error?.message.split('; ')[1]}`);
    expect(error?.message).toContain(fix);
  });
});

it('weights that are a pointer, a page or a file of PyTorch are told as that', async () => {
  await expect(openSafetensors(file(Buffer.from(pointer)))).rejects.toThrow(/is a pointer of Git LFS/);
  await expect(openSafetensors(file(Buffer.from('<!DOCTYPE html><html>')))).rejects.toThrow(/is a web page/);
  await expect(openSafetensors(file(Buffer.from('PK\x03\x04 more of it')))).rejects.toThrow(
    /is an archive, as PyTorch writes models: expected safetensors/,
  );
});

it.each(['%PDF is how a PDF begins', 'PAR', 'versions of html', '<htmlx>', 'a\nustar'])(
  'the text "%s" is a text',
  async (content) => {
    expect((await readTextFile(file(Buffer.from(content)))).texts).toEqual(content.split('\n'));
  },
);
