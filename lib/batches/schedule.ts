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
import { textKey } from '../datasets/text-key.js';
import { fillUp, RoleQuotas } from './quotas.js';

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
  const papers = items.map((item, index) => ({
    index,
    id: item.id,
    group: item.group ?? item.role,
    title: textKey(item.title),
    abstract: textKey(item.abstract),
  }));
  papers.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const repeated = papers.find((paper, i) => i > 0 && paper.id === papers[i - 1]?.id);
  if (repeated) throw new UserError(`the id "${repeated.id}" occurs twice among the papers: expected unique ids`);

  // roles in their order, groups in that of the shares
  const present = new Set(papers.map(({ group }) => group));
  const groups = [...new Set([...ROLES, ...Object.keys(options.shares)])].filter((group) => present.has(group));
  const queues = queuesByGroup(papers, groups, new Random(seed, 'batches', epoch));
  const quotas = new RoleQuotas(groups.map((group) => options.shares[group] as number));

  const plan: BatchSchedule = { batches: [], batchesOnTarget: 0 };
  let onTarget = true;
  for (let left = items.length; left > 0; ) {
    const size = Math.ceil(left / Math.ceil(left / pairs));
    const batch = new BatchUnderConstruction();
    const taken = quotas.next(size).map((quota, r) => batch.take(queues[r] as Queue, quota) === quota);
    onTarget &&= taken.every(Boolean);
    if (onTarget) plan.batchesOnTarget++;
    fillUp(size - batch.indices.length, quotas.shares, (r, count) => batch.take(queues[r] as Queue, count));
    plan.batches.push(batch.indices);
    left -= batch.indices.length;
  }
  return plan;
}

interface Queued {
  index: number;
  group: string;
  title: string;
  abstract: string;
}

/** Papers that wait for a batch. Those passed over stay in front; the others are taken in turn, without moving the rest. */
interface Queue {
  passedOver: Queued[];
  papers: readonly Queued[];
  /** Place of the first paper that nobody has looked at. */
  next: number;
}

/**
 * The papers of each group in random order, those with a text that occurs again first: so they are spread over the
 * batches while there are many to choose from, and none is left over for a batch of its own at the end.
 */
function queuesByGroup(papers: readonly Queued[], groups: readonly string[], random: Random): Queue[] {
  const titles = occurrences(papers.map((paper) => paper.title));
  const abstracts = occurrences(papers.map((paper) => paper.abstract));
  const isRepeated = (paper: Queued): boolean =>
    (titles.get(paper.title) as number) > 1 || (abstracts.get(paper.abstract) as number) > 1;
  return groups.map((group) => {
    const shuffled = random.shuffle(papers.filter((paper) => paper.group === group));
    const papersInTurn = [...shuffled.filter(isRepeated), ...shuffled.filter((paper) => !isRepeated(paper))];
    return { passedOver: [], papers: papersInTurn, next: 0 };
  });
}

function occurrences(texts: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** Collects the pairs of one batch and keeps equal texts apart. */
class BatchUnderConstruction {
  readonly indices: number[] = [];
  private readonly titles = new Set<string>();
  private readonly abstracts = new Set<string>();

  /** Moves up to `count` papers from the queue into the batch, passing over those that equal one in it; how many. */
  take(queue: Queue, count: number): number {
    const before = this.indices.length;
    const isFull = (): boolean => this.indices.length - before >= count;
    queue.passedOver = queue.passedOver.filter((paper) => isFull() || !this.add(paper));
    while (!isFull() && queue.next < queue.papers.length) {
      const paper = queue.papers[queue.next++] as Queued;
      if (!this.add(paper)) queue.passedOver.push(paper);
    }
    return this.indices.length - before;
  }

  /** Whether the paper has found a place; it finds none beside an equal text. */
  private add(paper: Queued): boolean {
    if (this.titles.has(paper.title) || this.abstracts.has(paper.abstract)) return false;
    this.titles.add(paper.title);
    this.abstracts.add(paper.abstract);
    this.indices.push(paper.index);
    return true;
  }
}
