/**
 * The shards of an encoding to one file of embeddings: the same bytes as one process writes, since every block of rows was
 * encoded by itself (core/row-blocks.ts), and the file is finished by the same code.
 */

import { basename, dirname, join } from 'node:path';
import { throwIfAborted, UserError } from '../../core/errors.js';
import { type Reporting, reportingOf } from '../../core/events.js';
import { embeddingPrecision } from '../../core/quantization.js';
import { blocksOfShard } from '../../core/row-blocks.js';
import { shardName } from '../../core/shard.js';
import { openEmbeddingFile } from '../../files/embedding-file.js';
import { type EmbeddingMaker, makerIn } from '../../files/embedding-maker.js';
import { parseJson } from '../../files/json.js';
import { openSafetensors } from '../../files/safetensors.js';
import { fileDigest, type ShardManifest } from '../../files/shards/manifest.js';
import type { ShardedJob } from '../../files/shards/shard-state.js';
import { checkOutput, type EncodedFile, rowsMetadata } from '../encode-file.js';
import { finishRows, rowsFile } from '../finish-rows.js';
import { givenRanges } from '../quantize-file.js';

export interface MergeEncodingOptions extends Reporting {
  /** Absent: the name that the shards were made for, beside their folder. */
  output?: string;
}

/** What merging wrote. */
export type MergedFile = Omit<EncodedFile, 'paddingShare' | 'tokensPerSecond' | 'plan'> & { shards: number };

/** What an encoding notes in a manifest. */
interface ShardResult {
  output: string;
  allTexts: number;
  dimensions: number;
  tokens: number;
  resumed: number;
  calibration?: string;
}

/** @param job complete and verified, as `completeJob` gives it */
export async function mergeEncoding(
  folder: string,
  { job, manifests }: ShardedJob,
  options: MergeEncodingOptions = {},
): Promise<MergedFile> {
  const { onProgress, signal } = options;
  const results = manifests.map(({ result }) => result as unknown as ShardResult);
  const { allTexts, dimensions, calibration, output: name } = results[0] as ShardResult;
  const output = options.output ?? join(dirname(folder), name);
  await checkOutput(output);
  const precision = embeddingPrecision(String(job.precision));
  if (calibration !== undefined) await checkCalibration(calibration, String(job.calibration));
  const ranges = await givenRanges({ ...(calibration && { calibration }) }, precision, dimensions, allTexts);
  const metadata = await joinedMetadata(folder, manifests, allTexts, job.normalize === true);
  const whole = rowsFile(output, precision);
  const file = await openEmbeddingFile(whole, {
    rows: allTexts,
    dimensions,
    metadata,
    fingerprint: JSON.stringify(manifests.map(({ files }) => files)),
  });
  try {
    let done = file.found;
    for (const { shard, files } of manifests) {
      const stored = await openSafetensors(join(folder, files[0]?.name ?? ''));
      try {
        const values = await stored.readFloat32('embeddings');
        let at = 0;
        for (const { start, end } of blocksOfShard(allTexts, shard)) {
          throwIfAborted(signal, 'the shards stay as they are; run the same command again');
          const rows = Array.from({ length: end - start }, (_, i) => start + i);
          const length = rows.length * dimensions;
          if (!rows.every((row) => file.has(row))) {
            await file.add(rows, values.subarray(at, at + length));
            done += rows.length;
          }
          at += length;
          onProgress?.({ task: 'merging', done, total: allTexts, unit: 'texts' });
        }
      } finally {
        await stored.close();
      }
    }
    await file.finish();
    await finishRows(output, { ...reportingOf(options), precision, dimensions, ranges, metadata });
  } finally {
    await file.close();
  }
  const sum = (key: 'tokens' | 'resumed'): number => results.reduce((total, result) => total + result[key], 0);
  const shards = manifests.length;
  return { output, texts: allTexts, dimensions, precision, shards, resumed: sum('resumed'), tokens: sum('tokens') };
}

/** What one process would write: ids of all rows in their order. The folder of the model is that of the first shard. */
async function joinedMetadata(
  folder: string,
  manifests: readonly ShardManifest[],
  allTexts: number,
  normalize: boolean,
): Promise<Record<string, string>> {
  let maker: EmbeddingMaker = { model: '', weights: '' };
  let ids: string[] | null = null;
  for (const { shard, files } of manifests) {
    const stored = await openSafetensors(join(folder, files[0]?.name ?? ''));
    await stored.close();
    const { metadata } = stored;
    if (shard.index === 0) maker = makerIn(metadata) ?? maker;
    if (metadata.ids === undefined) continue;
    ids ??= new Array<string>(allTexts);
    const own = parseJson(metadata.ids) as string[];
    let at = 0;
    for (const { start, end } of blocksOfShard(allTexts, shard)) {
      for (let row = start; row < end; row++) ids[row] = own[at++] as string;
    }
    if (at !== own.length) throw new UserError(`${basename(shardName(shard))} has ids for other rows: make it again`);
  }
  return rowsMetadata(maker, normalize, ids);
}

async function checkCalibration(path: string, digest: string): Promise<void> {
  const found = await fileDigest(path).catch(() => null);
  if (found === digest) return;
  throw new UserError(
    `${path}, by which the shards are to be calibrated, ${found === null ? 'is gone' : 'has changed since'}: put it back as it was`,
  );
}
