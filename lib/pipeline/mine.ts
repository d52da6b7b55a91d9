/**
 * Hard negatives for a configuration: mined among the papers that would be trained on, written to a file that
 * `training.hardNegatives.file` takes, with examples to read before that.
 */
import { basename, dirname, join, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { quantity } from '../core/quantity.js';
import { Random } from '../core/random.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { keepResult } from '../files/keep-result.js';
import { checkReplaceable, isFirstLine } from '../files/replaceable.js';
import { prepareFolder } from '../files/writing.js';
import { type MiningSummary, mineHardNegatives } from '../retrieval/hard-negatives/mine.js';
import type { CreatedSystems } from '../retrieval/systems/create-systems.js';
import type { RetrievalSystem } from '../retrieval/systems/retrieval-system.js';
import { checkSystemNames } from '../retrieval/systems/system-registry.js';
import { type HardNegatives, isHardNegatives } from '../training/hard-negatives.js';
import { type MiningTask, miningTask } from './mining-task.js';
import { beginningOfText } from './pair-tasks.js';
import { lockRunFolder } from './run-lock.js';
import type { StepResults } from './step-results.js';
import { withSystems } from './systems.js';
import { findTrainedRun } from './trained-run.js';

/** A query with its negatives as text, to judge by eye. */
export interface NegativeExample {
  id: string;
  title: string;
  topic: string;
  own: { score: number; rank: number } | null;
  negatives: { id: string; title: string; topic: string; score: number; rank: number }[];
}

/** Where the hard negatives are, with counts and examples. */
export interface MiningResult {
  file: string;
  summary: MiningSummary;
  examples: NegativeExample[];
}

/** Whose adapter takes part in the mining, and where the negatives go. */
export interface MineNegativesOptions extends Reporting {
  /** The run folder whose tuned adapter takes part as "tuned", if any. */
  run?: string;
  /** Where the negatives go, one JSON object a line. */
  out: string;
  /** How many examples to show. */
  examples: number;
}

/**
 * Mines by `config.mining`.
 *
 * @throws UserError for an unknown system, or fewer than two papers to train on
 */
export async function mineNegatives(
  results: StepResults,
  config: Config,
  options: MineNegativesOptions,
): Promise<MiningResult> {
  const { run, out: given, examples, ...reporting } = options;
  const out = resolve(given);
  const { name, judge } = miningSystems(config, run);
  await checkReplaceable(out, {
    what: 'hard negatives',
    option: '--out',
    isOne: (path) => isFirstLine(path, isHardNegatives),
  });
  const release = run === undefined ? async () => {} : await lockRunFolder(run);
  try {
    const trainedRun = run === undefined ? null : await findTrainedRun(results, run, config, reporting);
    const task = miningTask(config, await results.dataset(config, reporting));
    if (task.corpus.length < 2)
      throw new UserError(`${quantity(task.corpus.length, 'documents')} to train on: expected at least 2`);
    const asked: Config = { ...config, evaluation: { ...config.evaluation, systems: [name, judge] } };
    const sources = {
      model: () => results.model(config, reporting),
      trained: trainedRun ? trainedRun.trained : config.encoder.adapter,
    };
    await prepareFolder(dirname(out));
    return await withSystems(asked, sources, reporting, async (created) => {
      const system = systemNamed(created, name);
      const rules = { ...config.mining, seed: config.seed };
      const { lines, summary } = await mineHardNegatives({
        ...reporting,
        ...task,
        system,
        judge: systemNamed(created, judge),
        rules,
      });
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      await keepResult(dirname(out), 'the file of hard negatives', (place) =>
        writeFileAtomic(join(place, basename(out)), text),
      );
      return { file: given, summary, examples: examplesOf(lines, task, examples, config.seed) };
    });
  } finally {
    await release();
  }
}

/** Who mines, and who judges. @throws UserError for an unknown system, or one that judges itself */
function miningSystems({ mining, encoder }: Config, run: string | undefined): { name: string; judge: string } {
  const name = mining.system ?? (run === undefined && encoder.adapter === null ? 'untuned' : 'tuned');
  const judge = mining.judge ?? (name === 'bm25' ? (run === undefined ? 'untuned' : 'tuned') : 'bm25');
  checkSystemNames([name, judge]);
  if (name === judge) {
    throw new UserError(`mining.judge = "${judge}" is the system that mines: expected another, to judge it by`);
  }
  return { name, judge };
}

function systemNamed({ systems, skipped }: CreatedSystems, wanted: string): RetrievalSystem {
  const system = systems.find(({ name }) => name === wanted);
  if (system) return system;
  throw new UserError(`${wanted} cannot mine: ${skipped.find(({ name }) => name === wanted)?.reason}`);
}

/** A seeded choice of queries that have negatives. */
function examplesOf(
  lines: readonly HardNegatives[],
  { corpus, queries }: MiningTask,
  count: number,
  seed: number,
): NegativeExample[] {
  const documents = new Map(corpus.map((document) => [document.id, document]));
  const asked = new Map(queries.map((query) => [query.id, query]));
  const about = (id: string): { title: string; topic: string } => {
    const { text = '', title = beginningOfText(text), topic = '' } = documents.get(id) ?? {};
    return { title, topic };
  };
  const asks = (id: string): { title: string; topic: string } => {
    const { text = '', topic = '' } = asked.get(id) ?? {};
    return { title: text, topic };
  };
  return new Random(seed, 'negative examples')
    .shuffle(lines.filter(({ negatives }) => negatives.length > 0))
    .slice(0, count)
    .map(({ query, own, negatives }) => ({
      id: query,
      ...asks(query),
      own,
      negatives: negatives.map((negative) => ({ ...negative, ...about(negative.id) })),
    }));
}
