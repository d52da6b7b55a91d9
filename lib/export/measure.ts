/**
 * What an export costs: MRR@10 of its files on the evaluated side of the run, beside that of the encoder that was
 * exported, and the largest difference between their embeddings.
 */

import type { Config } from '../config/config.js';
import { throwIfAborted, UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { mean } from '../core/mean.js';
import { reciprocalRankOf } from '../core/reciprocal-rank.js';
import { dot, normalizeRowsInPlace } from '../core/rows.js';
import type { Dataset } from '../datasets/dataset.js';
import { documentsOf, pairsAmong, queriesOf } from '../datasets/pairs/documents.js';
import type { Encoder } from '../encoder/encoder.js';
import { preparedText } from '../models/sentence/sentence-use.js';
import { evaluationTask, titlesOverAbstracts } from '../pipeline/evaluation-task.js';
import type { StepResults } from '../pipeline/step-results.js';
import { adaptedEncoder, untunedEncoder } from '../pipeline/steps/encoder.js';
import { loadTokenizer, type Tokenizer } from '../tokens/tokenizer.js';
import type { ExportSource } from './source.js';
import type { ExportedVariant } from './target.js';

/** A variant beside the encoder it was made of. */
export interface VariantMeasure {
  precision: string;
  /** MRR@10 of the exported files. */
  mrr: number;
  /** MRR@10 of the encoder before it was exported, on the same texts. */
  reference: number;
  /** Of any number of an embedding of length 1. */
  largestDifference: number;
}

export interface Measures {
  split: string;
  documents: number;
  queries: number;
  variants: VariantMeasure[];
}

const DEPTH = 10;

/**
 * @param limit documents that are asked for; all where there are fewer
 * @returns null where nothing can be measured: the files are as they were trained
 */
export async function measureVariants(
  results: StepResults,
  source: ExportSource,
  folder: string,
  variants: readonly ExportedVariant[],
  { limit, ...reporting }: Reporting & { limit: number },
): Promise<Measures | null> {
  const opened = variants.filter(({ open }) => open !== undefined);
  if (opened.length === 0 || limit === 0) return null;
  const config = usedConfig(source);
  const texts = await measuredTexts(source, measuredTask(config, await results.dataset(config, reporting)), limit);
  const model = await results.model(config, reporting);
  const trained = source.adapter?.folder ?? (source.folder === source.baseFolder ? null : source.folder);
  const encoder = await (trained === null ? untunedEncoder(config, model) : adaptedEncoder(config, model, trained));
  try {
    const all = [...texts.queries, ...texts.documents];
    const wanted = await embedAll(encoder, all);
    const reference = meanReciprocalRank(wanted, texts);
    const measured: VariantMeasure[] = [];
    for (const [i, { precision, open }] of opened.entries()) {
      throwIfAborted(reporting.signal, 'nothing was exported');
      reporting.onProgress?.({ task: 'measuring what is exported', done: i, total: opened.length, unit: 'files' });
      const exported = await open!(folder, model.engine);
      try {
        const found = await exported.embed(all);
        const largestDifference = wanted.reduce((most, value, at) => Math.max(most, Math.abs(value - found[at]!)), 0);
        measured.push({ precision, mrr: meanReciprocalRank(found, texts), reference, largestDifference });
      } finally {
        await exported.close();
      }
    }
    const { documents, queries } = texts;
    return {
      split: config.evaluation.split,
      documents: documents.length,
      queries: queries.length,
      variants: measured,
    };
  } finally {
    await encoder.dispose();
  }
}

/** The settings as the encoder was trained with. */
function usedConfig({ settings, use }: ExportSource): Config {
  const attention = use.causal ? ('causal' as const) : ('bidirectional' as const);
  return { ...settings, encoder: { ...settings.encoder, pooling: use.pooling, attention } };
}

async function embedAll(encoder: Encoder, texts: Int32Array[]): Promise<Float32Array> {
  return normalizeRowsInPlace(await encoder.embed(texts), encoder.dimensions);
}

/** As an evaluation has them; of pairs one for each query and document, so that each query has one answer, with its id. */
function measuredTask(config: Config, dataset: Dataset): ReturnType<typeof evaluationTask> {
  const pairs = pairsAmong(dataset.papers).filter(
    ({ split, pair }) => split === config.evaluation.split && pair.relevant,
  );
  if (pairs.length === 0) return evaluationTask(config, dataset);
  const papers = documentsOf(queriesOf(pairs));
  return titlesOverAbstracts(papers, papers);
}

interface MeasuredTexts {
  queries: Int32Array[];
  documents: Int32Array[];
  /** Place of the answer of each query among the documents. */
  answers: number[];
}

/** As an evaluation has them, in their order; those that are asked for first where there are too many. */
async function measuredTexts(
  { folder, use }: ExportSource,
  { queries, corpus }: ReturnType<typeof evaluationTask>,
  limit: number,
): Promise<MeasuredTexts> {
  const tokenizer = await loadTokenizer(folder);
  const asked = new Map(queries.slice(0, limit).map(({ id, text }) => [id, text]));
  const others = corpus.filter(({ id }) => !asked.has(id)).slice(0, limit - asked.size);
  const chosen = [...corpus.filter(({ id }) => asked.has(id)), ...others];
  const out: MeasuredTexts = { queries: [], documents: [], answers: [] };
  for (const { id, text } of chosen) {
    const document = tokens(tokenizer, text, use.prompts.document ?? '', use.maxAbstractTokens, use.lowerCase);
    if (document.length === 0) continue;
    const title = asked.get(id);
    const query =
      title === undefined ? null : tokens(tokenizer, title, use.prompts.query ?? '', use.maxTitleTokens, use.lowerCase);
    if (query && query.length > 0) {
      out.queries.push(query);
      out.answers.push(out.documents.length);
    }
    out.documents.push(document);
  }
  if (out.queries.length === 0) throw new UserError('no text to measure on has a token: export with --measure 0');
  return out;
}

function tokens(tokenizer: Tokenizer, text: string, prompt: string, limit: number, lowerCase: boolean): Int32Array {
  return tokenizer.encode(preparedText(text, prompt, lowerCase), limit);
}

/** @param rows of the queries, then of the documents, each of length 1 */
function meanReciprocalRank(rows: Float32Array, { queries, documents, answers }: MeasuredTexts): number {
  const width = rows.length / (queries.length + documents.length);
  const ranks = answers.map((answer, query) =>
    reciprocalRankOf(DEPTH, answer, documents.length, (document) =>
      dot(rows, query * width, rows, (queries.length + document) * width, width),
    ),
  );
  return mean(ranks);
}
