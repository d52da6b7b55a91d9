/**
 * Hard negatives for a configuration: mined among the papers that would be trained on, written to a file that
 * `training.hardNegatives.file` takes, with examples to read before that.
 */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { textKey } from '../batches/text-key.js';
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { Random } from '../core/random.js';
import { loadDataset, trainingPapers } from '../datasets/dataset.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { type MiningSummary, mineHardNegatives } from '../retrieval/hard-negatives/mine.js';
import { checkSystemNames } from '../retrieval/systems/system-registry.js';
import { withModel, withSystems } from './evaluation.js';

/** A query with its negatives as text, to judge by eye. */
export interface NegativeExample {
  id: string;
  title: string;
  topic: string;
  own: { score: number; rank: number } | null;
  negatives: { id: string; title: string; topic: string; score: number; rank: number }[];
}

export interface MiningResult {
  file: string;
  summary: MiningSummary;
  examples: NegativeExample[];
}

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
export async function mineNegatives(config: Config, options: MineNegativesOptions): Promise<MiningResult> {
  const { run, out, examples, ...reporting } = options;
  const { mining } = config;
  const name = mining.system ?? (run === undefined && config.encoder.adapter === null ? 'untuned' : 'tuned');
  const judgeName = mining.judge ?? (name === 'bm25' ? (run === undefined ? 'untuned' : 'tuned') : 'bm25');
  checkSystemNames([name, judgeName]);
  if (name === judgeName) {
    throw new UserError(`mining.judge = "${judgeName}" is the system that mines: expected another, to judge it by`);
  }
  const { papers } = await loadDataset(config, reporting);
  const trained = trainingPapers(papers, config);
  if (trained.length < 2) throw new UserError(`${trained.length} papers to train on: expected at least 2`);
  const titles = new Map(trained.map((paper) => [paper.id, textKey(paper.title)]));
  const abstracts = new Map(trained.map((paper) => [paper.id, textKey(paper.abstract)]));

  return withModel(config, run, reporting, (model, adapter) => {
    const asked: Config = { ...config, evaluation: { ...config.evaluation, systems: [name, judgeName] } };
    return withSystems(asked, model, undefined, adapter, reporting, async ({ systems, skipped }) => {
      const find = (wanted: string) => {
        const system = systems.find((one) => one.name === wanted);
        if (system) return system;
        throw new UserError(`${wanted} cannot mine: ${skipped.find((one) => one.name === wanted)?.reason}`);
      };
      const { lines, summary } = await mineHardNegatives({
        ...reporting,
        corpus: trained.map(({ id, abstract, title, topic }) => ({ id, text: abstract, title, topic })),
        queries: trained.map(({ id, title, topic }) => ({ id, text: title, topic })),
        system: find(name),
        judge: find(judgeName),
        rules: { ...mining, seed: config.seed },
        isSame: (a, b) => titles.get(a) === titles.get(b) || abstracts.get(a) === abstracts.get(b),
      });
      await mkdir(dirname(out), { recursive: true });
      await writeFileAtomic(out, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      const byId = new Map(trained.map((paper) => [paper.id, paper]));
      const about = (id: string): { title: string; topic: string } => {
        const { title = '', topic = '' } = byId.get(id) ?? {};
        return { title, topic };
      };
      const shown = new Random(config.seed, 'negative examples')
        .shuffle(lines.filter(({ negatives }) => negatives.length > 0))
        .slice(0, examples)
        .map(({ query, own, negatives }) => ({
          id: query,
          ...about(query),
          own,
          negatives: negatives.map((negative) => ({ ...negative, ...about(negative.id) })),
        }));
      return { file: out, summary, examples: shown };
    });
  });
}
