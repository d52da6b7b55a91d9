/**
 * The folder of a sentence-embedding model in ONNX: a local one, or one of the hub, whose files go into the cache that
 * the Python client uses too.
 */
import fs from 'node:fs';
import path from 'node:path';
import { getHFHubCachePath, getRepoFolderName } from '@huggingface/hub';
import { UserError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { TransientError } from '../../core/retry.js';
import { connection, explain, isOffline, unreachable } from '../../hub/connection.js';
import { HUB_ID } from '../../hub/hub-id.js';
import { cachedCommit, commitOf, downloadEntries, listRepository, writeReference } from '../../hub/repository.js';

/** ONNX files that transformers.js runs, the most exact first, with its name for each. */
const ONNX_VARIANTS = [
  { file: 'onnx/model.onnx', dtype: 'fp32' },
  { file: 'onnx/model_fp16.onnx', dtype: 'fp16' },
  { file: 'onnx/model_quantized.onnx', dtype: 'q8' },
] as const;
export type OnnxDtype = (typeof ONNX_VARIANTS)[number]['dtype'];

const SMALL_FILES =
  /^(config|tokenizer|tokenizer_config|special_tokens_map|modules|config_sentence_transformers|sentence_bert_config)\.json$|^\d+_[A-Za-z]+\/config\.json$|^vocab\.txt$/;

/** A model without an ONNX export: it may have weights that this library's own engine computes. */
export class NoOnnxError extends UserError {}

export interface OnnxModelFiles {
  folder: string;
  dtype: OnnxDtype;
  /** All that decides the vectors, for their fingerprint. */
  files: string[];
}

export interface FindOnnxModelOptions extends Reporting {
  /** Branch, tag or commit on the hub. */
  revision?: string;
  /** Folder of the hub's cache, instead of the one that the environment names. */
  cache?: string;
}

/**
 * Finds a model by folder, or by hub id, downloading what the cache lacks.
 *
 * @throws UserError if there is no such model or it has no ONNX file; WorkError if the hub cannot be reached
 */
export async function findOnnxModel(model: string, options: FindOnnxModelOptions = {}): Promise<OnnxModelFiles> {
  const isFolder = fs.statSync(model, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const folder = isFolder ? path.resolve(model) : await fromHub(model, options);
  const variant = ONNX_VARIANTS.find(({ file }) => fs.existsSync(path.join(folder, file)));
  if (!variant) {
    throw new NoOnnxError(
      `${model} has no onnx/model.onnx: transformers.js runs ONNX exports; take a model that has one`,
    );
  }
  for (const name of ['config.json', 'tokenizer.json']) {
    if (!fs.existsSync(path.join(folder, name)))
      throw new UserError(`${model} has no ${name}: copy or download it again`);
  }
  const all = fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.split(path.sep).join('/'));
  const files = all.filter((name) => SMALL_FILES.test(name) || isPartOf(variant.file, name)).sort();
  return { folder, dtype: variant.dtype, files };
}

async function fromHub(id: string, options: FindOnnxModelOptions): Promise<string> {
  const { revision = 'main', cache = getHFHubCachePath(), signal } = options;
  if (!HUB_ID.test(id)) {
    throw new UserError(
      `"${id}" is neither a system nor a folder here nor a hub id such as sentence-transformers/all-MiniLM-L6-v2`,
    );
  }
  const storage = path.join(cache, getRepoFolderName({ name: id, type: 'model' }));
  const cached = await cachedSnapshot(storage, revision);
  if (isOffline()) {
    if (cached) return cached;
    throw new UserError(`HF_HUB_OFFLINE is set and ${id} is not in the cache ${cache}: unset it to download the model`);
  }
  const hub = await connection(signal);
  try {
    const commit = await commitOf(hub, id, revision);
    const entries = (await listRepository(hub, id, commit, true)).filter(({ type }) => type === 'file');
    const variant = ONNX_VARIANTS.find(({ file }) => entries.some((entry) => entry.path === file));
    const needed = entries.filter(
      ({ path: name }) => SMALL_FILES.test(name) || (variant && isPartOf(variant.file, name)),
    );
    if (!needed.some(({ path: name }) => name === 'config.json')) {
      throw new UserError(`${id} has no config.json on the hub: expected a transformers model`);
    }
    await downloadEntries({ id, commit, storage, hub }, needed, options);
    if (revision !== commit) await writeReference(storage, revision, commit);
    return path.join(storage, 'snapshots', commit);
  } catch (error) {
    if (!(error instanceof TransientError) || !cached) {
      throw error instanceof TransientError ? unreachable(hub, error) : explain(error, hub, id, cache);
    }
    options.onMessage?.({ level: 'warning', text: `the hub cannot be reached: using the copy of ${id} in ${cache}` });
    return cached;
  }
}

async function cachedSnapshot(storage: string, revision: string): Promise<string | null> {
  const commit = await cachedCommit(storage, revision);
  if (commit === null) return null;
  const folder = path.join(storage, 'snapshots', commit);
  return fs.existsSync(path.join(folder, 'config.json')) ? folder : null;
}

/** A model of more than 2 GB has its weights in files beside it: model.onnx_data, model.onnx_data_1. */
function isPartOf(onnxFile: string, name: string): boolean {
  return name === onnxFile || name.startsWith(`${onnxFile}_data`);
}
