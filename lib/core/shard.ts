/**
 * A share of work that several processes do, each by itself: shard i of n takes every n-th unit, from the i-th on. Which
 * units these are depends on i and n alone, so that nobody hands out work.
 */
import { UserError } from './errors.js';

/** One share of n. */
export interface Shard {
  /** From 0. */
  index: number;
  count: number;
}

/** More tasks than any cluster runs; their files share a folder. */
const MOST_SHARDS = 100_000;

/** Where an array task of SLURM and a pod of an Indexed Job of Kubernetes find their number. */
const INDEX_VARIABLES = ['SLURM_ARRAY_TASK_ID', 'JOB_COMPLETION_INDEX'] as const;

/**
 * Reads "3/40", or "auto/40" where SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX says which.
 *
 * @throws UserError for anything else, and for "auto" where no such variable is set
 */
export function parseShard(text: string, environment: NodeJS.ProcessEnv = process.env): Shard {
  const [, first = '', last = ''] = /^(auto|\d+)\/(\d+)$/.exec(text.trim()) ?? [];
  const count = Number(last);
  if (first === '' || count < 1) {
    throw new UserError(`--shard ${text}: expected i/n such as 3/40, the first being 0/40, or auto/40`);
  }
  if (count > MOST_SHARDS) throw new UserError(`--shard ${text}: expected at most ${MOST_SHARDS} shards`);
  const index = first === 'auto' ? indexOf(environment, text) : Number(first);
  if (index >= count) {
    const where = first === 'auto' ? ` (${index} of the environment)` : '';
    throw new UserError(`--shard ${text}${where}: expected a number from 0 to ${count - 1}`);
  }
  return { index, count };
}

function indexOf(environment: NodeJS.ProcessEnv, text: string): number {
  const name = INDEX_VARIABLES.find((variable) => environment[variable]);
  if (name === undefined) {
    throw new UserError(
      `--shard ${text}: neither ${INDEX_VARIABLES.join(' nor ')} is set; give the number itself, such as 0${text.slice(4)}`,
    );
  }
  const value = environment[name] ?? '';
  if (!/^\d+$/.test(value)) throw new UserError(`${name} = "${value}": expected a whole number from 0`);
  return Number(value);
}

/** What the files of a shard are called: "shard-00003-of-00040". */
export function shardName({ index, count }: Shard): string {
  const digits = (value: number): string => String(value).padStart(5, '0');
  return `shard-${digits(index)}-of-${digits(count)}`;
}

/** The shard whose files have a name; null for other files. */
export function shardOfName(name: string): Shard | null {
  const match = /^shard-(\d{5,})-of-(\d{5,})\b/.exec(name);
  return match && { index: Number(match[1]), count: Number(match[2]) };
}

/** Whether a unit of the work, counted from 0, is this shard's. */
export function isInShard(unit: number, { index, count }: Shard): boolean {
  return unit % count === index;
}

/** Numbers as people read them: "3, 7 to 9, 12". */
export function numberList(numbers: readonly number[]): string {
  return runsIn(numbers)
    .map(([first, last]) =>
      first === last ? `${first}` : last === first + 1 ? `${first}, ${last}` : `${first} to ${last}`,
    )
    .join(', ');
}

/** Numbers as SLURM reads them: "3,7-9,12". */
export function numberRanges(numbers: readonly number[]): string {
  return runsIn(numbers)
    .map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`))
    .join(',');
}

/** First and last of the runs of numbers that follow each other. */
function runsIn(numbers: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && number === run[1] + 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs;
}
