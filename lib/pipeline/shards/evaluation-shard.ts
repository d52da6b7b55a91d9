/**
 * An evaluation whose texts are embedded by shards, and its report when all are there. Embedding takes nearly all of the time; the
 * search and the metrics, which need all of the corpus, are done once, when the shards are merged.
 *
 * A shard takes every n-th chunk of the texts of each model, in the chunks in which one process would embed them: so the report is
 * that of one process. Its vectors lie beside its manifest, since the cache may be of its machine alone.
 */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Config } from '../../config/config.js';
import { WorkError } from '../../core/errors.js';
import { type Reporting, reportingOf } from '../../core/events.js';
import { quantity } from '../../core/quantity.js';
import { type Shard, shardName } from '../../core/shard.js';
import { checkEvaluation } from '../../evaluation/check-evaluation.js';
import { seenTexts } from '../../evaluation/evaluate.js';
import type { Report } from '../../evaluation/report.js';
import { parseJson } from '../../files/json.js';
import { openSafetensors, writeSafetensors } from '../../files/safetensors.js';
import { earlierShard } from '../../files/shards/earlier-shard.js';
import { type ShardJob, writeManifest } from '../../files/shards/manifest.js';
import type { ShardedJob } from '../../files/shards/shard-state.js';
import { prepareFolder } from '../../files/writing.js';
import { keepVectors } from '../../retrieval/systems/cached-model.js';
import type { EmbeddingModel, KeptVectors } from '../../retrieval/systems/embedding-model.js';
import { embedShardOf } from '../../retrieval/systems/embedding-system.js';
import type { RetrievalSystem } from '../../retrieval/systems/retrieval-system.js';
import { withAbsolutePaths } from '../absolute-paths.js';
import { whatIsAsked } from '../asked-for.js';
import type { EvaluateOptions } from '../evaluate.js';
import { lockRunFolder } from '../run-lock.js';
import { stepKey } from '../step.js';
import type { StepResults } from '../step-results.js';
import { evaluationStep } from '../steps/evaluation.js';
import { withSystems } from '../systems.js';
import type { EvaluationTask } from '../task.js';

/** Milliseconds: longer than the lock of a killed process takes to become void. */
const LONGEST_WAIT = 6000;

/** What a manifest says of an evaluation. */
const resultSchema = z.object({
  /** All that the report is made from, but for the vectors. */
  recipe: z.unknown(),
  texts: z.number(),
});

interface Recipe {
  config: Config;
  run?: string;
  task?: EvaluateOptions['task'];
  sets?: EvaluateOptions['sets'];
}

/** What a shard of an evaluation has done. */
export interface EvaluationShard {
  /** Of all shards. */
  folder: string;
  shard: Shard;
  /** Texts that this shard embedded, of all models. */
  texts: number;
  /** Whether it was done before. */
  skipped: boolean;
}

/** What is asked, by whom, and which part of it: see {@link EvaluateOptions}. */
export type EvaluationShardOptions = Pick<EvaluateOptions, 'run' | 'task' | 'sets' | 'confirmCost'> &
  Reporting & { folder: string; shard: Shard };

/** Where the shards of an evaluation are whose report goes to a folder. */
export function evaluationShards(folder: string): string {
  return join(resolve(folder), 'evaluation-shards');
}

/** Embeds what one of n processes has to. {@link mergeEvaluation} makes the report. */
export async function runEvaluationShard(
  results: StepResults,
  given: Config,
  { shard, folder: report, run: named, task: asked, sets = [], confirmCost, ...rest }: EvaluationShardOptions,
): Promise<EvaluationShard> {
  const reporting = reportingOf(rest);
  const config = withAbsolutePaths(given);
  checkEvaluation(config);
  const run = named === undefined ? undefined : resolve(named);
  const folder = evaluationShards(report);
  const about = { folder, shard };
  const first = asked ?? { kind: 'test split' as const };
  const { found, task, settings, more } = await whatIsAsked(results, config, { run, asked: first, sets }, reporting);
  const trained = found ? found.trained : config.encoder.adapter;
  await prepareFolder(folder);
  const release = await lockRunFolder(folder, { what: shardName(shard), wait: LONGEST_WAIT });
  const start = performance.now();
  try {
    const sources = { model: () => results.model(config, reporting), trained, ...(confirmCost ? { confirmCost } : {}) };
    return await withSystems(config, sources, reporting, async ({ systems }) => {
      const models = modelsOf(systems);
      const tasks = [task, ...more.map((set) => set.task)];
      const job = jobOf(settings, [...models.keys()], tasks);
      const name = `${shardName(shard)}.safetensors`;
      const discard = (): Promise<void> => rm(join(folder, name), { force: true });
      const earlier = await earlierShard(folder, shard, { ...reporting, kind: 'evaluate', job, discard });
      if (earlier) return { ...about, texts: resultSchema.parse(earlier.result).texts, skipped: true };
      const kept = await embedTasks(models, tasks, shard, reporting);
      await writeVectors(join(folder, name), kept);
      const texts = kept.reduce((sum, { keys }) => sum + keys.length, 0);
      const recipe: Recipe = { config, ...(run !== undefined && { run }), ...(asked && { task: asked }), sets };
      const seconds = (performance.now() - start) / 1000;
      await writeManifest(folder, {
        kind: 'evaluate',
        shard,
        job,
        files: [name],
        result: { recipe, texts },
        seconds,
      });
      return { ...about, texts, skipped: false };
    });
  } finally {
    await release();
  }
}

/** "shard 3 of 12: 512 texts", for people. */
export function evaluationShardText({ folder, shard, texts, skipped }: EvaluationShard): string {
  return `shard ${shard.index} of ${shard.count}: ${quantity(texts, 'texts')} embedded, in ${folder}${skipped ? ', done before' : ''}`;
}

/** What evaluates with what is in the cache, and writes the report. */
export type EvaluateInSession = (config: Config, options: EvaluateOptions) => Promise<Report>;

/** The report of an evaluation whose shards are all there. @param job as `completeJob` gives it */
export async function mergeEvaluation(
  folder: string,
  { manifests }: ShardedJob,
  evaluate: EvaluateInSession,
  reporting: Reporting,
): Promise<Report> {
  const { config, ...asked } = resultSchema.parse(manifests[0]?.result).recipe as Recipe;
  const cache = join(config.cache, 'embeddings');
  for (const { files } of manifests) {
    for (const { model, ...vectors } of await readVectors(join(folder, files[0]?.name ?? ''))) {
      keepVectors(cache, model, vectors, reporting);
    }
  }
  return evaluate(config, { ...asked, ...reporting, folder: resolve(folder, '..') });
}

type ModelUse = 'reported' | 'in a hybrid';

/** Models that embed, those of the parts of hybrids too, whose fusion is chosen by validation texts. */
function modelsOf(systems: readonly RetrievalSystem[], use: ModelUse = 'reported'): Map<EmbeddingModel, ModelUse> {
  const models = new Map<EmbeddingModel, ModelUse>();
  for (const { model, parts } of systems) {
    if (model && models.get(model) !== 'in a hybrid') models.set(model, use);
    for (const part of modelsOf(parts ?? [], 'in a hybrid').keys()) models.set(part, 'in a hybrid');
  }
  return models;
}

function jobOf(config: Config, models: readonly EmbeddingModel[], tasks: readonly EvaluationTask[]): ShardJob {
  const texts = createHash('sha256');
  for (const task of tasks) {
    const { corpus, queries } = seenTexts(task);
    for (const { id, text, prompt = '' } of [...corpus, ...queries]) texts.update(`${id}\0${text}\0${prompt}\n`);
  }
  const fingerprints = models.map(({ fingerprint }) => fingerprint).join('\n');
  return {
    settings: stepKey(evaluationStep, config, null),
    texts: texts.digest('hex'),
    models: createHash('sha256').update(fingerprints).digest('hex'),
  };
}

interface OfModel extends KeptVectors {
  model: Pick<EmbeddingModel, 'name' | 'fingerprint'>;
}

async function embedTasks(
  models: ReadonlyMap<EmbeddingModel, ModelUse>,
  tasks: readonly EvaluationTask[],
  shard: Shard,
  reporting: Reporting,
): Promise<OfModel[]> {
  const kept: OfModel[] = [];
  for (const [model, use] of models) {
    for (const task of tasks) {
      const { corpus, queries } = seenTexts(task);
      const { validation } = task;
      const chosenBy = use === 'in a hybrid' && validation ? validation : { corpus: [], queries: [] };
      for (const [items, kind] of [
        [corpus, 'document'],
        [queries, 'query'],
        [chosenBy.corpus, 'document'],
        [chosenBy.queries, 'query'],
      ] as const) {
        for (const own of await embedShardOf(model, items, kind, shard, reporting)) kept.push({ ...own, model });
      }
    }
  }
  return kept;
}

async function writeVectors(path: string, kept: readonly OfModel[]): Promise<void> {
  const tensors: Parameters<typeof writeSafetensors>[1] = {};
  kept.forEach(({ keys, vectors }, i) => {
    const bytes = Buffer.from(keys.join(''), 'hex');
    tensors[`keys.${i}`] = { dtype: 'U8', shape: [keys.length, bytes.length / keys.length], data: bytes };
    tensors[`vectors.${i}`] = { dtype: 'F32', shape: [keys.length, vectors.length / keys.length], data: vectors };
  });
  const models = kept.map(({ model: { name, fingerprint } }) => ({ name, fingerprint }));
  await writeSafetensors(path, tensors, { models: JSON.stringify(models) });
}

async function readVectors(path: string): Promise<OfModel[]> {
  const file = await openSafetensors(path);
  try {
    const models = parseJson(file.metadata.models ?? '[]') as OfModel['model'][];
    const kept: OfModel[] = [];
    for (const [i, model] of models.entries()) {
      const [count = 0, width = 0] = file.tensors.get(`keys.${i}`)?.shape ?? [];
      const digits = Buffer.from(await file.readBytes(`keys.${i}`)).toString('hex');
      const keys = Array.from({ length: count }, (_, row) => digits.slice(2 * width * row, 2 * width * (row + 1)));
      kept.push({ model, keys, vectors: await file.readFloat32(`vectors.${i}`) });
    }
    return kept;
  } catch (error) {
    throw new WorkError(`${path}: ${(error as Error).message}`);
  } finally {
    await file.close();
  }
}
