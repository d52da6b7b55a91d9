/**
 * Paths in a configuration, made absolute before they are stored: a run is used from other folders than the one that it
 * was started in.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { isNamedSource } from '../datasets/sources/registry.js';
import { SAMPLE_ENCODERS } from '../hub/resolve-model.js';
import { hybridDefinition } from '../retrieval/systems/hybrid.js';
import { systemDefinitions } from '../retrieval/systems/system-registry.js';
import { transformersDefinition } from '../retrieval/systems/transformers-definition.js';

/** @param base the folder that relative paths are meant from; absent: the current one. Names, such as hub ids, stay. */
export function withAbsolutePaths(config: Config, base = process.cwd()): Config {
  const absolute = (path: string): string => resolve(base, path);
  const source = (setting: string): string => (isNamedSource(setting) ? setting : absolute(setting));
  const { datasets, encoder, training, evaluation } = config;
  const { file } = training.hardNegatives;
  return {
    ...config,
    cache: absolute(config.cache),
    datasets: {
      ...datasets,
      source: source(datasets.source),
      sets: datasets.sets.map((set) => ({ ...set, source: source(set.source) })),
    },
    encoder: {
      ...encoder,
      model: Object.hasOwn(SAMPLE_ENCODERS, encoder.model) ? encoder.model : folderOrName(encoder.model, absolute),
      adapter: encoder.adapter === null ? null : absolute(encoder.adapter),
    },
    training: {
      ...training,
      hardNegatives: { ...training.hardNegatives, file: file === null ? null : absolute(file) },
    },
    evaluation: { ...evaluation, systems: evaluation.systems.map((name) => systemName(name, absolute)) },
  };
}

/** A folder of models wins over a hub id of the same spelling, as where models are looked for. */
function folderOrName(name: string, absolute: (path: string) => string): string {
  return existsSync(absolute(name)) ? absolute(name) : name;
}

/** Folders of models among the systems; one that happens to be called "bm25" is not meant. */
function systemName(name: string, absolute: (path: string) => string): string {
  const owner = systemDefinitions().find(({ usage, matches }) => (matches ? matches(name) : usage === name));
  if (owner === hybridDefinition && name.includes('+')) {
    const parts = name.split('+');
    return parts.map((part) => systemName(part, absolute)).join('+');
  }
  return owner === undefined || owner === transformersDefinition ? folderOrName(name, absolute) : name;
}
