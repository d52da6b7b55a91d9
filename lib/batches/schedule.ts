/**
 * Category-aware batches of title-abstract pairs. In InfoNCE every other abstract of a batch is a negative, so the mix
 * of a batch decides what the encoder learns to tell apart: its share of each role is a hyperparameter.
 *
 * Two wishes pull apart: the target shares, and every paper once an epoch. The roles are used up at different times, as
 * the data has them. The plan keeps to the target as long as every role lasts; from then on the roles that are left fill
 * up, in the ratio of their shares. So an epoch begins with batches on target and ends with the papers the target has
 * no room for; training that stops early sees the best of it. Spreading the scarce roles thinly over all batches
 * instead would put every batch off target by as much in total.
 */
import { ROLES, type Role } from '../config/config.js';
import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import { Random } from '../core/random.js';
import { fillUp, RoleQuotas } from './quotas.js';
import { type TextKeys, textKeysOf } from './text-keys.js';

/** What the plan needs to know of a paper. */
export interface BatchItem {
  /** Unique; ties the plan to the paper and not to its place in the list. */
  id: string;
  role: Role;
  /** What shares are of; absent: the role. */
  group?: string;
  title: string;
  abstract: string;
}

/** Target share of each role in a batch; renormalised over the roles that there are papers of. */
export type RoleShares = Readonly<Record<Role, number>>;

export interface BatchPlanOptions {
  /** Pairs of a batch at most. */
  pairs: number;
  /** Of each role, or of each group; renormalised over those that there are papers of. */
  shares: Readonly<Record<string, number>>;
  seed: number;
  /** From 0; each epoch has another order. */
  epoch: number;
}

export interface BatchSchedule {
  /** Indices into the items: each exactly once. */
  batches: number[][];
  /** Batches from the start that have every role at its target. */
  batchesOnTarget: number;
}

/**
 * Plans one epoch: a pure function of the items (in whatever order), the seed and the epoch.
 *
 * Each item is in exactly one batch, no batch holds two equal titles or abstracts (compared without case, spaces and
 * punctuation), and the sizes of the batches differ by at most one where equal texts don't force smaller ones: a last
 * batch with a few leftover pairs would have few negatives and a loss of another scale.
 *
 * @throws UserError when there are fewer than two items, ids repeat, or the options are out of bounds
 */
export function scheduleBatches(items: readonly BatchItem[], options: BatchPlanOptions): BatchSchedule {
  const { pairs, seed, epoch } = options;
  if (!Number.isInteger(pairs) || pairs < 2) {
    throw new UserError(
      `batches.pairs = ${pairs}: expected a whole number of at least 2, since a pair needs a negative`,
    );
  }
  if (items.length < 2) {
    throw new UserError(
      `${quantity(items.length, 'papers')} to train on: expected at least 2; take more data or a larger training split`,
    );
  }
  const order = Int32Array.from(items.keys()).sort((a, b) => compareIds(items[a]?.id, items[b]?.id));
  const second = order.findIndex((place, i) => i > 0 && items[place]?.id === items[order[i - 1] as number]?.id);
  if (second > 0) {
    throw new UserError(
      `the id "${items[order[second] as number]?.id}" occurs twice among the papers: expected unique ids`,
    );
  }

  // roles in their order, groups in that of the shares
  const present = new Set(items.map(groupOf));
  const groups = [...new Set([...ROLES, ...Object.keys(options.shares)])].filter((group) => present.has(group));
  const keys = textKeysOf(items);
  const queues = queuesByGroup(items, order, keys, groups, new Random(seed, 'batches', epoch));
  const quotas = new RoleQuotas(groups.map((group) => options.shares[group] as number));

  const plan: BatchSchedule = { batches: [], batchesOnTarget: 0 };
  let onTarget = true;
  for (let left = items.length; left > 0; ) {
    const size = Math.ceil(left / Math.ceil(left / pairs));
    const batch = new BatchUnderConstruction(keys);
    const taken = quotas.next(size).map((quota, r) => batch.take(queues[r] as Queue, quota) === quota);
    onTarget &&= taken.every(Boolean);
    if (onTarget) plan.batchesOnTarget++;
    fillUp(size - batch.indices.length, quotas.shares, (r, count) => batch.take(queues[r] as Queue, count));
    plan.batches.push(batch.indices);
    left -= batch.indices.length;
  }
  return plan;
}

function compareIds(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function groupOf({ group, role }: BatchItem): string {
  return group ?? role;
}

/** Places of items that wait for a batch. Those passed over stay in front; the others are taken in turn, without moving the rest. */
interface Queue {
  passedOver: number[];
  places: readonly number[];
  /** Of the first item that nobody has looked at. */
  next: number;
}

/**
 * The items of each group in random order, those with a text that occurs again first: so they are spread over the
 * batches while there are many to choose from, and none is left over for a batch of its own at the end.
 */
function queuesByGroup(
  items: readonly BatchItem[],
  order: Int32Array,
  { titles, abstracts }: TextKeys,
  groups: readonly string[],
  random: Random,
): Queue[] {
  const [sameTitle, sameAbstract] = [occurringAgain(titles), occurringAgain(abstracts)];
  const isRepeated = (i: number): boolean =>
    sameTitle.has(titles[i] as number) || sameAbstract.has(abstracts[i] as number);
  return groups.map((group) => {
    const shuffled = random.shuffle([...order.filter((i) => groupOf(items[i] as BatchItem) === group)]);
    const places = [...shuffled.filter(isRepeated), ...shuffled.filter((i) => !isRepeated(i))];
    return { passedOver: [], places, next: 0 };
  });
}

function occurringAgain(keys: Float64Array): Set<number> {
  const sorted = keys.slice().sort();
  const found = new Set<number>();
  for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) found.add(sorted[i] as number);
  return found;
}

/** Collects the pairs of one batch and keeps equal texts apart. */
class BatchUnderConstruction {
  readonly indices: number[] = [];
  private readonly titles = new Set<number>();
  private readonly abstracts = new Set<number>();

  constructor(private readonly keys: TextKeys) {}

  /** Moves up to `count` items from the queue into the batch, passing over those that equal one in it; how many. */
  take(queue: Queue, count: number): number {
    const before = this.indices.length;
    const isFull = (): boolean => this.indices.length - before >= count;
    queue.passedOver = queue.passedOver.filter((place) => isFull() || !this.add(place));
    while (!isFull() && queue.next < queue.places.length) {
      const place = queue.places[queue.next++] as number;
      if (!this.add(place)) queue.passedOver.push(place);
    }
    return this.indices.length - before;
  }

  /** Whether the item has found a place; it finds none beside an equal text. */
  private add(place: number): boolean {
    const [title, abstract] = [this.keys.titles[place] as number, this.keys.abstracts[place] as number];
    if (this.titles.has(title) || this.abstracts.has(abstract)) return false;
    this.titles.add(title);
    this.abstracts.add(abstract);
    this.indices.push(place);
    return true;
  }
}
