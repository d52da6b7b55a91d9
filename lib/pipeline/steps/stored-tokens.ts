/**
 * Token ids of papers kept on disk, whole: limits on their lengths are applied afterwards, so that another limit costs
 * nothing. One safetensors file a tokenizer, prompt and set of texts: `ids`, all rows one after the other, and `lengths`.
 */
import { createHash, type Hash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Reporting } from '../../core/events.js';
import { openSafetensors, writeSafetensors } from '../../files/safetensors.js';
import { preparedText } from '../../models/sentence/sentence-use.js';
import { type TokenizedPaper, tokenizePapers } from '../../tokens/token-statistics.js';
import { keep } from './keep.js';

interface Texts {
  title: string;
  abstract: string;
}

export interface StoredTokensOptions extends Reporting {
  /** Text put before every title. */
  prompt: string;
  /** Text put before every abstract. */
  documentPrompt?: string;
  /** Puts all of it into lower case. */
  lowerCase?: boolean;
  /** Where the file is kept; safe to delete. */
  cache: string;
}

/** {@link tokenizePapers}, or what it gave before. @param folder with tokenizer.json */
export async function storedTokens(
  folder: string,
  papers: readonly Texts[],
  { prompt, documentPrompt = '', lowerCase = false, cache, ...reporting }: StoredTokensOptions,
): Promise<TokenizedPaper[]> {
  const texts = papers.map(({ title, abstract }) => ({
    title: preparedText(title, prompt, lowerCase),
    abstract: preparedText(abstract, documentPrompt, lowerCase),
  }));
  const path = join(cache, `${await textsKey(folder, texts)}.safetensors`);
  const stored = await read(path, papers.length).catch(() => null);
  if (stored) return stored;
  const tokens = await tokenizePapers(folder, texts, reporting);
  await keep(`token ids in ${cache}`, reporting, async () => {
    // Tokens tell the texts as well as letters do.
    await mkdir(cache, { recursive: true, mode: 0o700 });
    await write(path, tokens);
  });
  return tokens;
}

/** The same for texts that are of no paper. */
export async function storedTextTokens(
  folder: string,
  texts: readonly string[],
  options: StoredTokensOptions,
): Promise<Int32Array[]> {
  const papers = texts.map((text) => ({ title: '', abstract: text }));
  return (await storedTokens(folder, papers, options)).map(({ abstract }) => abstract);
}

/** Raised when the same tokenizer.json gives other ids than before. */
const TOKENIZATION = 2;

/** Over the files of the tokenizer, and the version of its code. */
async function tokenizerDigest(folder: string): Promise<Hash> {
  const hash = createHash('sha256').update(`${TOKENIZATION}\0`);
  for (const file of ['tokenizer.json', 'tokenizer_config.json']) {
    hash.update(await readFile(join(folder, file)).catch(() => 'absent')).update('\0');
  }
  return hash;
}

/** Names the tokenizer of the folder. */
export async function tokenizerHash(folder: string): Promise<string> {
  return (await tokenizerDigest(folder)).digest('hex');
}

async function textsKey(folder: string, papers: readonly Texts[]): Promise<string> {
  const hash = await tokenizerDigest(folder);
  for (const { title, abstract } of papers) hash.update(`${title}\0${abstract}\0`);
  return hash.digest('hex').slice(0, 24);
}

async function write(path: string, tokens: readonly TokenizedPaper[]): Promise<void> {
  const rows = tokens.flatMap(({ title, abstract }) => [title, abstract]);
  const lengths = Int32Array.from(rows, (row) => row.length);
  const ids = new Int32Array(lengths.reduce((sum, length) => sum + length, 0));
  let start = 0;
  for (const row of rows) {
    ids.set(row, start);
    start += row.length;
  }
  await writeSafetensors(
    path,
    {
      ids: { dtype: 'I32', shape: [ids.length], data: ids },
      lengths: { dtype: 'I32', shape: [lengths.length], data: lengths },
    },
    { digest: digestOf(ids, lengths) },
  );
}

/** Another id inside the vocabulary would train another adapter, and nothing else would show it. */
function digestOf(...arrays: Int32Array[]): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of arrays) hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}

/** @returns null for a file that is damaged, or of another number of papers; throws where there is none */
async function read(path: string, papers: number): Promise<TokenizedPaper[] | null> {
  const file = await openSafetensors(path);
  try {
    const ids = new Int32Array((await file.readBytes('ids')).buffer);
    const lengths = new Int32Array((await file.readBytes('lengths')).buffer);
    if (lengths.length !== 2 * papers || file.metadata.digest !== digestOf(ids, lengths)) return null;
    let end = 0;
    const rows = Array.from(lengths, (length) => {
      end += length;
      return ids.slice(end - length, end);
    });
    if (end !== ids.length) return null;
    return Array.from({ length: papers }, (_, i) => ({
      title: rows[2 * i] as Int32Array,
      abstract: rows[2 * i + 1] as Int32Array,
    }));
  } finally {
    await file.close();
  }
}
