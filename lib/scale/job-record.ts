/**
 * What a folder of shards says of the job that they are the shards of: which command makes one, and where it was submitted.
 * Whether a shard is done, its manifest says; this is for whoever continues the job.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../files/atomic-file.js';
import { isThere } from '../files/is-there.js';
import { readJsonFile } from '../files/json-file.js';
import { SHARD_KINDS } from '../files/shards/manifest.js';

const RECORD_FILE = 'job.json';

const slurmSchema = z.object({
  /** As sbatch takes it: "2:00:00"; absent: that of the partition. */
  time: z.string().optional(),
  partition: z.string().optional(),
  /** Other options of sbatch, as they are: "--mem=8G --account=physics". */
  sbatch: z.string().optional(),
});

const recordSchema = z.object({
  formatVersion: z.literal(1),
  kind: z.enum(SHARD_KINDS),
  shards: z.number().int().min(1),
  /** What runs a command: node and the program. */
  program: z.array(z.string()).min(1),
  /** The command without --shard. */
  command: z.array(z.string()).min(1),
  /** Where it was given: relative paths are meant from here. */
  cwd: z.string(),
  /** What merging writes, below `cwd`. */
  output: z.string(),
  slurm: slurmSchema,
  /** Jobs of SLURM, the latest last. */
  submissions: z.array(z.object({ array: z.string(), merge: z.string(), tasks: z.string(), at: z.string() })),
});

/** How SLURM is to run the tasks. */
export type SlurmOptions = z.infer<typeof slurmSchema>;
/** What a job was started as. */
export type JobRecord = z.infer<typeof recordSchema>;

export async function writeJobRecord(folder: string, record: JobRecord): Promise<void> {
  await writeFileAtomic(join(folder, RECORD_FILE), `${JSON.stringify(record, null, 1)}\n`);
}

/** Null where the shards were started by hand or by another engine. @throws UserError where it is damaged */
export async function readJobRecord(folder: string): Promise<JobRecord | null> {
  const path = join(folder, RECORD_FILE);
  if (!(await isThere(path))) return null;
  return readJsonFile(path, recordSchema, 'give the command again with --on slurm: shards that are done are skipped');
}
