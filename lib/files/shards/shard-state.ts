/** Which shards of a job are done, by what the disk has: the question of whoever runs one, and of whoever joins them. */
import { UserError } from '../../core/errors.js';
import { agreeing } from '../../core/quantity.js';
import { numberList, type Shard, shardName } from '../../core/shard.js';
import { isThere } from '../is-there.js';
import {
  damagedFiles,
  jobFingerprint,
  manifestPath,
  readManifest,
  type ShardJob,
  type ShardKind,
  type ShardManifest,
  shardsIn,
} from './manifest.js';

/** What is known of a shard. */
export type ShardState =
  | { is: 'done'; manifest: ShardManifest }
  | { is: 'missing' }
  /** Its manifest cannot be read, or its files are not as it says. */
  | { is: 'damaged'; problem: string; files: string[] }
  /** It belongs to another job. */
  | { is: 'foreign'; problem: string };

/** Another job's shards must not be taken for this one's, and this one's damaged files not for good ones. */
export async function shardState(
  folder: string,
  shard: Shard,
  { kind, job, verify = true }: { kind: ShardKind; job: ShardJob; verify?: boolean },
): Promise<ShardState> {
  if (!(await isThere(manifestPath(folder, shard)))) return { is: 'missing' };
  let manifest: ShardManifest;
  try {
    manifest = await readManifest(folder, shard);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { is: 'damaged', problem: `${shardName(shard)}.json cannot be read`, files: [] };
  }
  if (manifest.fingerprint !== jobFingerprint(kind, shard.count, job)) {
    return { is: 'foreign', problem: `${shardName(shard)} (${jobDifferences(manifest, { kind, job })})` };
  }
  if (manifest.shard.index !== shard.index) {
    const whose = shardName(manifest.shard);
    return { is: 'damaged', problem: `${shardName(shard)}.json is that of ${whose}`, files: [] };
  }
  const damaged = await damagedFiles(folder, manifest, verify);
  if (damaged.length === 0) return { is: 'done', manifest };
  return {
    is: 'damaged',
    problem: damaged.map(({ problem }) => problem).join(', '),
    files: damaged.map(({ name }) => name),
  };
}

/** What a shard was made of that this job is not: `prompt "a", not "b"`. */
export function jobDifferences(found: ShardManifest, asked: { kind: ShardKind; job: ShardJob }): string {
  if (found.kind !== asked.kind) return `${found.kind}, not ${asked.kind}`;
  const names = [...new Set([...Object.keys(found.job), ...Object.keys(asked.job)])];
  const different = names.filter((name) => found.job[name] !== asked.job[name]);
  if (different.length === 0) return 'its manifest was changed by hand';
  return different.map((name) => `${name} ${shown(found.job[name])}, not ${shown(asked.job[name])}`).join('; ');
}

/** Digests are long, and their first digits tell them apart. */
function shown(value: ShardJob[string] | undefined): string {
  if (value === undefined) return 'none';
  if (typeof value === 'string' && /^[0-9a-f]{16,}$/.test(value)) return value.slice(0, 8);
  return JSON.stringify(value);
}

/** All shards of a job. */
export interface ShardedJob {
  kind: ShardKind;
  count: number;
  job: ShardJob;
  manifests: ShardManifest[];
}

/** What the folder has of each shard of the job that most of its manifests are of. */
export interface JobState {
  kind: ShardKind;
  count: number;
  job: ShardJob;
  /** By index. */
  done: Map<number, ShardManifest>;
  missing: number[];
  damaged: { index: number; problem: string }[];
  foreign: string[];
}

/** @throws UserError where there is no shard at all */
export async function jobState(folder: string, { verify = true } = {}): Promise<JobState> {
  const found: { shard: Shard; manifest: ShardManifest | null }[] = [];
  for (const shard of await shardsIn(folder)) {
    found.push({ shard, manifest: await readManifest(folder, shard).catch(() => null) });
  }
  const reference = mostCommon(found.flatMap(({ manifest }) => manifest ?? []));
  if (!reference) {
    throw new UserError(
      `${folder} has no shards: expected the folder that encode, sweep, ablate or evaluate --shard i/n wrote, with shard-….json in it`,
    );
  }
  const { kind, job } = reference;
  const { count } = reference.shard;
  const state: JobState = { kind, count, job, done: new Map(), missing: [], damaged: [], foreign: [] };
  for (let index = 0; index < count; index++) {
    const one = await shardState(folder, { index, count }, { kind, job, verify });
    if (one.is === 'done') state.done.set(index, one.manifest);
    else if (one.is === 'missing') state.missing.push(index);
    else if (one.is === 'damaged') state.damaged.push({ index, problem: one.problem });
    else state.foreign.push(one.problem);
  }
  const others = found.filter(({ shard }) => shard.count !== count);
  state.foreign.push(...others.map(({ shard }) => `${shardName(shard)} (of ${shard.count}, not of ${count})`));
  return state;
}

/**
 * The manifests of all shards of the job of a folder, in their order.
 *
 * @throws UserError that names all that are missing, damaged or of another job
 */
export async function completeJob(folder: string): Promise<ShardedJob> {
  const { kind, count, job, done, missing, damaged, foreign } = await jobState(folder);
  const problems = [
    ...(missing.length > 0
      ? [
          `${agreeing(missing.length, 'shard', 'shards')} ${numberList(missing)} of ${count} ${agreeing(missing.length, 'is', 'are')} missing`,
        ]
      : []),
    ...(damaged.length > 0 ? [`damaged: ${damaged.map(({ problem }) => problem).join(', ')}`] : []),
    ...(foreign.length > 0 ? [`of another job: ${foreign.join(', ')}`] : []),
  ];
  if (problems.length > 0) {
    const again = [...missing, ...damaged.map(({ index }) => index)];
    const fix = [
      ...(again.length > 0
        ? ['run the missing and damaged ones again with --shard i/n, or all with llm-embedding resume']
        : []),
      ...(foreign.length > 0 ? ['remove those of another job, or take another folder'] : []),
    ];
    throw new UserError(`${folder} is not complete: ${problems.join('; ')}: ${fix.join('; ')}`);
  }
  return { kind, count, job, manifests: [...done].sort(([a], [b]) => a - b).map(([, manifest]) => manifest) };
}

function mostCommon(manifests: readonly ShardManifest[]): ShardManifest | undefined {
  const counts = new Map<string, number>();
  for (const { fingerprint } of manifests) counts.set(fingerprint, (counts.get(fingerprint) ?? 0) + 1);
  return [...manifests].sort((a, b) => (counts.get(b.fingerprint) ?? 0) - (counts.get(a.fingerprint) ?? 0))[0];
}
