/**
 * One shard of an encoding: the blocks of the input that are its own, as rows of a file beside a manifest
 * (files/shards/manifest.ts). A shard that is done is verified and skipped; one that was stopped resumes.
 *
 *   OUTPUT.shards/shard-00003-of-00040.safetensors   tensor "embeddings" [its rows, d], float32; ids as metadata
 *   OUTPUT.shards/shard-00003-of-00040.json          the manifest
 */

import { rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { reportingOf } from '../../core/events.js';
import { quantity } from '../../core/quantity.js';
import { blockSize, blocksOfShard, rowsIn } from '../../core/row-blocks.js';
import { isInShard, type Shard, shardName } from '../../core/shard.js';
import { openEmbeddingFile } from '../../files/embedding-file.js';
import { nameFile } from '../../files/lasting.js';
import { earlierShard } from '../../files/shards/earlier-shard.js';
import { fileDigest, type ShardJob, writeManifest } from '../../files/shards/manifest.js';
import { readSomeTexts, summarizeTextFile, type TextFileSummary } from '../../files/text-file.js';
import { prepareFolder } from '../../files/writing.js';
import { checkOutput, type EncodeTextsOptions, rowsMetadata } from '../encode-file.js';
import { encodeRows, rowSettings, rowsJob } from '../encode-rows.js';
import type { Encoder } from '../encoder.js';
import { makerOf } from '../made-by.js';
import { givenRanges } from '../quantize-file.js';

/** What a shard has, and what was done for it. */
export interface EncodedShard {
  /** Of all shards of the job. */
  folder: string;
  shard: Shard;
  /** Texts of this shard, and of the whole input. */
  texts: number;
  allTexts: number;
  dimensions: number;
  /** Whether it was done before. */
  skipped: boolean;
  /** Texts that an earlier call, cut short, had encoded already. */
  resumed: number;
  tokens: number;
  paddingShare: number;
}

/** Where the shards of an output are. */
export function shardFolder(output: string): string {
  return `${output}.shards`;
}

/** @throws UserError where the folder has a shard of this number that was made of something else */
export async function encodeTextShard(
  encoder: Encoder,
  options: EncodeTextsOptions & { shard: Shard },
): Promise<EncodedShard> {
  const { output, shard } = options;
  await checkOutput(output);
  const settings = rowSettings(encoder, options);
  const input = await summarizeTextFile(options.input);
  const job: ShardJob = {
    ...rowsJob(encoder, settings),
    input: input.digest,
    ...(await storageJob(options, settings.dimensions, input)),
  };
  const folder = shardFolder(output);
  await prepareFolder(folder);
  const name = `${shardName(shard)}.safetensors`;
  const texts = rowsIn(blocksOfShard(input.texts, shard));
  const about = { folder, shard, texts, allTexts: input.texts, dimensions: settings.dimensions };
  const earlier = await earlierShard(folder, shard, {
    ...reportingOf(options),
    kind: 'encode',
    job,
    discard: () => rm(join(folder, name), { force: true }),
  });
  if (earlier) {
    return { ...about, skipped: true, resumed: 0, tokens: 0, paddingShare: 0 };
  }
  const size = blockSize(input.texts);
  const own = await readSomeTexts(options.input, (row) => isInShard(Math.floor(row / size), shard));
  const path = join(folder, name);
  const file = await openEmbeddingFile(path, {
    rows: texts,
    dimensions: settings.dimensions,
    metadata: rowsMetadata(makerOf(encoder), settings.normalize, input.hasIds ? own.ids : null),
    fingerprint: JSON.stringify(job),
  });
  try {
    const encoded = await encodeRows(encoder, own.texts, file, {
      ...reportingOf(options),
      settings,
      blockTexts: size,
    });
    await file.finish(async (partial) => {
      await placeShard(partial, path);
      const result = {
        output: basename(output),
        allTexts: input.texts,
        texts,
        dimensions: settings.dimensions,
        tokens: encoded.tokens,
        resumed: encoded.resumed,
        ...(options.calibration !== undefined && { calibration: resolve(options.calibration) }),
      };
      await writeManifest(folder, { kind: 'encode', shard, job, files: [name], result, seconds: encoded.seconds });
      await rm(partial, { force: true });
    });
    const { resumed, tokens, paddingShare } = encoded;
    return { ...about, skipped: false, resumed, tokens, paddingShare };
  } finally {
    await file.close();
  }
}

/** How the merged file is stored, which is checked before any work. */
async function storageJob(options: EncodeTextsOptions, dimensions: number, input: TextFileSummary): Promise<ShardJob> {
  const { precision = 'float32', calibration } = options;
  await givenRanges(options, precision, dimensions, input.texts);
  return { precision, calibration: calibration === undefined ? null : await fileDigest(calibration) };
}

/**
 * Gives the file its name where nothing has it. A file that has it already is of a try that ended before its manifest was
 * written, or of another process: the same bytes, else it is replaced.
 */
async function placeShard(partial: string, path: string): Promise<void> {
  if (await nameFile(partial, path)) return;
  if ((await fileDigest(path)) === (await fileDigest(partial))) return;
  await rm(path, { force: true });
  await nameFile(partial, path);
}

/** "shard 3 of 40: 200 of 8000 texts", for people. */
export function shardText({ shard, texts, allTexts }: EncodedShard): string {
  return `shard ${shard.index} of ${shard.count}: ${texts} of ${quantity(allTexts, 'texts')}`;
}
