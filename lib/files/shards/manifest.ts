/**
 * What says that a shard of some work is done: a small file of JSON beside its result, written last.
 *
 *   DIR/shard-00003-of-00040.safetensors   the result, or files elsewhere below DIR
 *   DIR/shard-00003-of-00040.json          what it was made of and by, and the SHA-256 of each of its files
 *
 * The disk is the truth: whoever runs the shards, another try finds what is done, and whoever puts them together finds what
 * is missing, of another job, or damaged.
 */
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { fingerprintOf } from '../../core/fingerprint.js';
import { quantity } from '../../core/quantity.js';
import { type Shard, shardName, shardOfName } from '../../core/shard.js';
import { writeFileAtomic } from '../atomic-file.js';
import { hashFile } from '../hash-file.js';
import { readJsonFile } from '../json-file.js';

const FORMAT_VERSION = 1;
export const SHARD_KINDS = ['encode', 'sweep', 'ablate', 'evaluate'] as const;

const jobSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

const manifestSchema = z.object({
  formatVersion: z.literal(FORMAT_VERSION),
  kind: z.enum(SHARD_KINDS),
  shard: z.object({ index: z.number().int().min(0), count: z.number().int().min(1) }),
  /** All that decides the results of the job, by name: digests of what is read, and settings. */
  job: jobSchema,
  /** Of kind, count and job: shards with the same one belong together. */
  fingerprint: z.string(),
  /** Of the result, below the folder of the manifest. */
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
  /** What whoever puts the shards together needs beside the files. */
  result: z.record(z.string(), z.unknown()),
  /** For people. */
  made: z.object({ at: z.string(), host: z.string(), seconds: z.number() }),
});

/** All that decides the results of a job, by name. */
export type ShardJob = z.infer<typeof jobSchema>;
/** What is shared: an encoding, a sweep, an ablation, an evaluation. */
export type ShardKind = (typeof SHARD_KINDS)[number];
export type ShardManifest = z.infer<typeof manifestSchema>;

/** Names a job: the shards of one have the same. */
export function jobFingerprint(kind: ShardKind, count: number, job: ShardJob): string {
  return fingerprintOf({ kind, count, job, formatVersion: FORMAT_VERSION });
}

/** Where the manifest of a shard is. */
export function manifestPath(folder: string, shard: Shard): string {
  return join(folder, `${shardName(shard)}.json`);
}

export interface NewManifest extends Pick<ShardManifest, 'kind' | 'shard' | 'job' | 'result'> {
  /** Names of the files of the result, below the folder. */
  files: readonly string[];
  /** How long it took. */
  seconds: number;
}

/** Writes the manifest of a shard whose files are all there, and with it says that the shard is done. */
export async function writeManifest(folder: string, { files, seconds, ...rest }: NewManifest): Promise<ShardManifest> {
  const { kind, shard, job } = rest;
  const manifest: ShardManifest = {
    formatVersion: FORMAT_VERSION,
    ...rest,
    fingerprint: jobFingerprint(kind, shard.count, job),
    files: await Promise.all(files.map((name) => describeFile(folder, name))),
    made: { at: new Date().toISOString(), host: hostname(), seconds: Math.round(seconds * 1000) / 1000 },
  };
  await writeFileAtomic(manifestPath(folder, shard), `${JSON.stringify(manifest, null, 1)}\n`);
  return manifest;
}

/** @throws UserError where there is none, or it is damaged */
export function readManifest(folder: string, shard: Shard): Promise<ShardManifest> {
  return readJsonFile(manifestPath(folder, shard), manifestSchema, 'remove it and make the shard again');
}

/** The shards that a folder has manifests of, of whatever job, in the order of their names. */
export async function shardsIn(folder: string): Promise<Shard[]> {
  const names = await readdir(folder).catch(() => [] as string[]);
  return names
    .filter((name) => /^shard-\d{5,}-of-\d{5,}\.json$/.test(name))
    .sort()
    .flatMap((name) => shardOfName(name) ?? []);
}

/** A file that is not as its manifest says. */
export interface DamagedFile {
  name: string;
  /** "shard-00003-of-00040.safetensors is gone" */
  problem: string;
}

/** @param verify whether to compare checksums, which reads all; false: sizes alone */
export async function damagedFiles(folder: string, { files }: ShardManifest, verify: boolean): Promise<DamagedFile[]> {
  const damaged: DamagedFile[] = [];
  for (const { name, bytes, sha256 } of files) {
    const path = join(folder, name);
    const size = (await stat(path).catch(() => null))?.size;
    if (size === undefined) damaged.push({ name, problem: `${name} is gone` });
    else if (size !== bytes) damaged.push({ name, problem: `${name} has ${quantity(size, 'bytes')}, not ${bytes}` });
    else if (verify && (await fileDigest(path)) !== sha256)
      damaged.push({ name, problem: `${name} has another checksum` });
  }
  return damaged;
}

/** SHA-256 of a file, in hexadecimal digits. */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash('sha256');
  await hashFile(hash, path);
  return hash.digest('hex');
}

async function describeFile(folder: string, name: string): Promise<ShardManifest['files'][number]> {
  const path = join(folder, name);
  return { name, bytes: (await stat(path)).size, sha256: await fileDigest(path) };
}
