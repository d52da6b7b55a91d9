/**
 * LoRA adapters on disk, in the format of PEFT: `adapter_config.json` and `adapter_model.safetensors`, so that an adapter
 * trained here loads in Python and the other way round.
 */

import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError, WorkError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { openSafetensors, type SafetensorsTensor, writeSafetensors } from '../files/safetensors.js';
import type { ModelConfig } from '../models/architecture.js';
import { layerOf, layerPrefix, linearModules, modulesNamed, withoutPrefix } from '../models/parameters.js';
import { architectureOf } from '../models/registry.js';
import { type AdapterConfig, adapterConfigFile, readAdapterConfig } from './adapter-config.js';
import type { AdaptedModule } from './adapter-matching.js';
import { adapterScale } from './lora.js';
import type { ParameterMap } from './parameter-map.js';
import { uniformAdapter } from './uniform-adapter.js';

export type { AdapterConfig } from './adapter-config.js';
export type { ParameterMap } from './parameter-map.js';

const CONFIG_FILE = 'adapter_config.json';
const WEIGHTS_FILE = 'adapter_model.safetensors';

/** Shapes of all matrices of an adapter, in the order of the forward pass. */
export function adapterTensorShapes(
  model: ModelConfig,
  adapter: Pick<AdapterConfig, 'rank' | 'targetModules'>,
): Map<string, number[]> {
  const shapes = new Map<string, number[]>();
  for (let layer = 0; layer < model.layers; layer++) {
    for (const { path, outputs, inputs } of modulesNamed(adapter.targetModules, model)) {
      const name = `${layerPrefix(model, layer)}${path}`;
      shapes.set(`${name}.lora_A`, [adapter.rank, inputs]);
      shapes.set(`${name}.lora_B`, [outputs, adapter.rank]);
    }
  }
  return shapes;
}

/**
 * Reads an adapter and checks that it fits the model.
 *
 * @throws UserError for a missing or damaged file, an unsupported option, and missing, extra or mis-shaped matrices
 */
export async function readAdapter(
  folder: string,
  model: ModelConfig,
): Promise<{ config: AdapterConfig; tensors: ParameterMap; baseModel: string | null }> {
  await checkFiles(folder);
  const { config, modules, baseModel } = await readAdapterConfig(join(folder, CONFIG_FILE), model);
  const { tensors, storedNames } = await readTensors(join(folder, WEIGHTS_FILE), model);
  const shapes = storedShapes(model, modules);
  const extra = [...tensors.keys()].find((name) => !shapes.has(name));
  if (extra) {
    throw new UserError(
      `${folder}: ${storedNames.get(extra)} is not among the target_modules of a ${model.modelType} encoder with ` +
        `${quantity(model.layers, 'layers')}: expected an adapter of this model`,
    );
  }
  for (const [name, shape] of shapes) {
    const tensor = tensors.get(name);
    if (!tensor) throw new UserError(`${folder} lacks ${name}, which its target_modules name: save the adapter again`);
    if (tensor.shape.join() !== shape.join()) {
      const { rank } = modules.get(moduleOf(name)) as AdaptedModule;
      throw new UserError(
        `${folder}: ${name} has the shape [${tensor.shape.join(', ')}], where the model and r = ${rank} ask for ` +
          `[${shape.join(', ')}]: take an adapter of this model`,
      );
    }
  }
  return {
    config,
    baseModel,
    tensors: uniformAdapter(adapterTensorShapes(model, config), tensors, modules, adapterScale(config)),
  };
}

/** Shapes of the matrices that the file must hold. */
function storedShapes(model: ModelConfig, modules: ReadonlyMap<string, AdaptedModule>): Map<string, number[]> {
  const shapes = new Map<string, number[]>();
  for (let layer = 0; layer < model.layers; layer++) {
    for (const { path, outputs, inputs } of linearModules(model)) {
      const name = `${layerPrefix(model, layer)}${path}`;
      const rank = modules.get(name)?.rank;
      if (rank === undefined) continue;
      shapes.set(`${name}.lora_A`, [rank, inputs]);
      shapes.set(`${name}.lora_B`, [outputs, rank]);
    }
  }
  return shapes;
}

/** The module of a matrix: "layers.0.self_attn.q_proj" of its ".lora_A". */
const moduleOf = (name: string): string => name.slice(0, name.lastIndexOf('.'));

async function checkFiles(folder: string): Promise<void> {
  const present = await readdir(folder).catch(() => {
    throw new UserError(`${folder} is not a folder: expected an adapter with ${CONFIG_FILE} and ${WEIGHTS_FILE}`);
  });
  if (!present.includes(WEIGHTS_FILE) && present.includes('adapter_model.bin')) {
    throw new UserError(
      `${folder} has adapter_model.bin only: load it in PEFT and save it again, which writes ${WEIGHTS_FILE}`,
    );
  }
  for (const name of [CONFIG_FILE, WEIGHTS_FILE]) {
    if (!present.includes(name)) throw new UserError(`${folder} has no ${name}: expected an adapter as PEFT saves it`);
  }
}

async function readTensors(
  path: string,
  model: ModelConfig,
): Promise<{ tensors: ParameterMap; storedNames: Map<string, string> }> {
  const tensors: ParameterMap = new Map();
  const storedNames = new Map<string, string>();
  const file = await openSafetensors(path);
  try {
    for (const [storedName, { shape }] of file.tensors) {
      // ".default" is the name of the adapter, in files that were not saved by PEFT itself
      const [, module, matrix] =
        /^(?:base_model\.model\.)?(.+)\.(lora_[AB])(?:\.default)?\.weight$/.exec(storedName) ?? [];
      const name = module && `${withoutPrefix(module, model)}.${matrix}`;
      // a pooler has nothing to do with the hidden states
      if (name && architectureOf(model).ignoredTensors?.test(name)) continue;
      if (!name || layerOf(name, model) === undefined) {
        throw new UserError(
          `${path}: ${storedName} is not a LoRA matrix of a layer's linear module: only those are supported`,
        );
      }
      const twin = storedNames.get(name);
      if (twin) throw new UserError(`${path} holds ${name} twice, as ${twin} and as ${storedName}: keep one`);
      tensors.set(name, { shape, data: await file.readFloat32(storedName) });
      storedNames.set(name, storedName);
    }
  } finally {
    await file.close();
  }
  return { tensors, storedNames };
}

/**
 * Writes an adapter as PEFT does; equal adapters give equal bytes. At no moment does the folder hold a configuration
 * beside matrices of another one: where the configuration changes, it is taken away first and written last.
 *
 * @param adapter.baseModel hub id or folder of the model that the adapter belongs to
 */
export async function writeAdapter(
  folder: string,
  adapter: { config: AdapterConfig; tensors: ParameterMap; baseModel: string },
): Promise<void> {
  const { config, tensors, baseModel } = adapter;
  const configPath = join(folder, CONFIG_FILE);
  const paths = [...new Set([...tensors.keys()].map((name) => moduleOf(name).replace(/^.*?\.\d+\./, '')))];
  const json = `${JSON.stringify(adapterConfigFile(config, baseModel, paths), null, 2)}\n`;
  const stored: Record<string, SafetensorsTensor> = {};
  for (const [name, { shape, data }] of tensors) {
    stored[`base_model.model.${name}.weight`] = { dtype: 'F32', shape, data };
  }
  try {
    await mkdir(folder, { recursive: true });
    const before = await readFile(configPath, 'utf8').catch(() => undefined);
    if (before !== undefined && before !== json) await rm(configPath);
    await writeSafetensors(join(folder, WEIGHTS_FILE), stored, { format: 'pt' });
    if (before !== json) await writeFileAtomic(configPath, json);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new WorkError(`could not write the adapter ${folder}: ${(error as Error).message}`, { cause: error });
  }
}
