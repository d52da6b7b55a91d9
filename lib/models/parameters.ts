/** What follows from an architecture's lists of tensors: names, shapes and linear modules of a whole encoder. */
import type { LayerTensor, LinearModule, ModelConfig } from './architecture.js';
import { architectureOf } from './registry.js';

/** Name and shape of every tensor of the encoder but the token table, in the order of the forward pass. */
export function encoderTensorShapes(config: ModelConfig): Map<string, number[]> {
  const { embedding, layers, head } = architectureOf(config);
  const shapes = new Map(Object.entries({ ...embedding.tensors?.(config), ...layers.shared?.(config) }));
  for (let layer = 0; layer < config.layers; layer++) {
    const prefix = layerPrefix(config, layer);
    for (const part of layers.parts(config, layer)) {
      for (const [name, shape] of partTensors(part)) shapes.set(`${prefix}${name}`, shape);
    }
  }
  for (const [name, shape] of Object.entries(head?.tensors(config) ?? {})) shapes.set(name, shape);
  return shapes;
}

function partTensors(part: LinearModule | LayerTensor): [string, number[]][] {
  if ('name' in part) return [[part.name, part.shape]];
  const weight: [string, number[]] = [`${part.path}.weight`, [part.outputs, part.inputs]];
  return part.bias ? [weight, [`${part.path}.bias`, [part.outputs]]] : [weight];
}

/** Name of the token table, in checkpoints and among trained parameters. */
export function tokenTableName(config: ModelConfig): string {
  return architectureOf(config).embedding.table;
}

/** What a layer's tensors begin with: "layers.3.". */
export function layerPrefix(config: ModelConfig, layer: number): string {
  return `${architectureOf(config).layers.prefix}${layer}.`;
}

/** The layer that a tensor is of; undefined before and after the layers. */
export function layerOf(name: string, config: ModelConfig): number | undefined {
  const { prefix } = architectureOf(config).layers;
  const number = name.startsWith(prefix) ? /^(\d+)\./.exec(name.slice(prefix.length))?.[1] : undefined;
  return number === undefined ? undefined : Number(number);
}

/** A name as checkpoints store it, without the prefix that some put before all of them, and with what is new in it. */
export function withoutPrefix(storedName: string, config: ModelConfig): string {
  const { prefixes, currentName } = architectureOf(config);
  const prefix = prefixes.find((candidate) => storedName.startsWith(candidate));
  const name = prefix === undefined ? storedName : storedName.slice(prefix.length);
  return currentName?.(name) ?? name;
}

/** A linear module with the name that adapters and settings call it by. */
export interface NamedLinearModule extends LinearModule {
  name: string;
}

/**
 * The linear modules of a layer, in the order of the forward pass. A module's name is the last part of its path where no
 * other module ends so ("q_proj"), else the whole path ("attention.output.dense").
 */
export function linearModules(config: ModelConfig): NamedLinearModule[] {
  const modules = architectureOf(config)
    .layers.parts(config, 0)
    .filter((part): part is LinearModule => 'path' in part);
  const endOf = ({ path }: LinearModule): string => path.slice(path.lastIndexOf('.') + 1);
  return modules.map((module) => {
    const end = endOf(module);
    const isUnique = modules.every((other) => other === module || endOf(other) !== end);
    return { ...module, name: isUnique ? end : module.path };
  });
}

/** Those that have one of the names. */
export function modulesNamed(names: readonly string[], config: ModelConfig): NamedLinearModule[] {
  return linearModules(config).filter(({ name }) => names.includes(name));
}
