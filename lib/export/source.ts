/**
 * What is exported: the encoder of a run as it was trained, or a model as its folder says, with all that an export has to
 * say about it.
 */
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { remedies } from '../core/remedies.js';
import { readAdapter } from '../encoder/adapter-files.js';
import type { Report } from '../evaluation/report.js';
import { isThere } from '../files/is-there.js';
import { HUB_ID } from '../hub/hub-id.js';
import { SAMPLE_ENCODERS } from '../hub/resolve-model.js';
import type { ModelConfig } from '../models/architecture.js';
import { fingerprintModel } from '../models/base-model.js';
import { readModelConfig } from '../models/model-config.js';
import type { PoolingName } from '../models/pooling.js';
import { readSentenceConfig, type SentenceConfig } from '../models/sentence/sentence-config.js';
import { limitTokens, sentenceUse } from '../models/sentence/sentence-use.js';
import type { Provenance } from '../pipeline/provenance.js';
import { readReport } from '../pipeline/runs/list-runs.js';
import { modelFolder } from '../pipeline/steps/model.js';
import { findTrainedRun, type UsableRun } from '../pipeline/trained-run.js';
import type { Adapter } from './merged-weights.js';

/** How the encoder turns a text into a vector. */
export interface ExportedUse {
  pooling: PoolingName;
  causal: boolean;
  /** By name; query and document are always there. */
  prompts: Readonly<Record<string, string>>;
  /** Put before a text of no particular kind. */
  defaultPrompt: string;
  /** Longest input, in tokens. */
  maxTokens: number;
  lowerCase: boolean;
  /** Whether vectors are scaled to length 1. */
  normalize: boolean;
  similarity: SentenceConfig['similarity'];
  /** Limits of the texts that it was trained and evaluated with. */
  maxTitleTokens: number;
  maxAbstractTokens: number;
}

/** The run that an encoder is of. */
export interface ExportedRun extends Pick<UsableRun, 'reported' | 'provenance'> {
  folder: string;
  /** Null where it was not evaluated, or the report is of another training. */
  report: Report | null;
}

export interface ExportSource {
  /** For people. */
  name: string;
  /** The base as others may call it: a hub id, or the last part of a folder's path. */
  baseName: string;
  /** Where the base is from the hub: its id. */
  hubBase: string | null;
  /** Of the transformer's files: configuration, tokenizer, weights. */
  folder: string;
  /** Of the base model; the same where no weights but an adapter's were trained. */
  baseFolder: string;
  config: ModelConfig;
  sentence: SentenceConfig;
  adapter: (Adapter & { folder: string }) | null;
  use: ExportedUse;
  settings: Config;
  /** Null where a model is exported that no run of this library made. */
  run: ExportedRun | null;
  /** README.md of the base's folder; empty where there is none. */
  baseCard: string;
}

/**
 * @param config of the run, or one that names a model
 * @throws UserError for a run without an encoder, and whatever else others who use a result are told
 */
export async function openSource(
  config: Config,
  run: string | undefined,
  reporting: Reporting = {},
): Promise<ExportSource> {
  const found = run === undefined ? null : await usableRun(run, config, reporting);
  const trained = found?.trained ?? config.encoder.adapter;
  const baseFolder = await modelFolder(config, reporting);
  if (found) await warnOfOtherBase(baseFolder, config, found.provenance, reporting);
  const isWhole = trained !== null && (await isThere(join(trained, 'config.json')));
  const folder = isWhole ? trained : baseFolder;
  const model = await readModelConfig(folder);
  const sentence = await readSentenceConfig(folder);
  const adapter = trained === null || isWhole ? null : { folder: trained, ...(await readAdapter(trained, model)) };
  const { model: named } = config.encoder;
  const isHub = !Object.hasOwn(SAMPLE_ENCODERS, named) && HUB_ID.test(named) && !(await isThere(named));
  return {
    name: found?.reported.name ?? (isHub ? named : basename(resolve(trained ?? named))),
    baseName: isHub ? named : basename(named),
    hubBase: isHub ? named : null,
    folder,
    baseFolder,
    config: model,
    sentence,
    adapter,
    use: exportedUse(config, model, sentence, found?.provenance ?? null),
    settings: config,
    run: found && { folder: run as string, ...found },
    baseCard: await readFile(join(baseFolder, 'README.md'), 'utf8').catch(() => ''),
  };
}

async function usableRun(
  folder: string,
  config: Config,
  { onMessage }: Reporting,
): Promise<Pick<ExportedRun, 'reported' | 'provenance' | 'report'> & { trained: string }> {
  const { trained, ...found } = await findTrainedRun(null, folder, config, { ...(onMessage && { onMessage }) });
  if (trained === null) throw new UserError(`${folder} has no encoder yet: finish its training ${remedies().resume}`);
  const report = await readReport(folder);
  const isOwn = report?.run?.fingerprint === found.reported.fingerprint;
  return { trained, ...found, report: isOwn ? report : null };
}

async function warnOfOtherBase(
  baseFolder: string,
  config: Config,
  provenance: Provenance | null,
  { onMessage }: Reporting,
): Promise<void> {
  if (!provenance || config.training.method === 'full') return;
  if ((await fingerprintModel(baseFolder)) === provenance.identity.inputs.model) return;
  const text = `the files of the base model in ${baseFolder} are not those that the run was trained on: with other weights the adapter gives other embeddings`;
  onMessage?.({ level: 'warning', text });
}

function exportedUse(
  config: Config,
  model: ModelConfig,
  sentence: SentenceConfig,
  provenance: Provenance | null,
): ExportedUse {
  const { encoder, tokens } = config;
  const asked = sentenceUse(encoder, sentence);
  const trained = provenance?.use;
  const attention = trained?.attention ?? encoder.attention;
  return {
    pooling: (trained?.pooling as PoolingName | undefined) ?? asked.pooling,
    causal: attention === 'auto' ? model.causal : attention === 'causal',
    prompts: {
      ...sentence.namedPrompts,
      query: trained?.queryPrompt ?? asked.prompts.query,
      document: trained?.documentPrompt ?? asked.prompts.document,
    },
    defaultPrompt: sentence.defaultPrompt,
    maxTokens: Math.min(asked.maxTokens ?? model.maxPositions, model.maxPositions),
    lowerCase: asked.lowerCase,
    normalize: sentence.normalize || !sentence.described,
    similarity: encoder.similarity === 'auto' ? sentence.similarity : encoder.similarity,
    maxTitleTokens: trained?.maxTitleTokens ?? limitTokens(tokens.maxTitleTokens, asked),
    maxAbstractTokens: trained?.maxAbstractTokens ?? limitTokens(tokens.maxAbstractTokens, asked),
  };
}
