/**
 * The programs of the layerwise plan: the embedding stage, a layer, the head, and the backward pass of each. Each is
 * compiled when it is first asked for. Layers whose inputs have the same names and shapes differ by their values only,
 * and share a program: most models have one kind of layer, ModernBERT has two.
 */
import type { Tensor } from '@tensorflow/tfjs';
import type { InputSpec, Program } from '../engine/types.js';
import { linearModules } from '../models/parameters.js';
import { architectureOf } from '../models/registry.js';
import {
  embeddingParameters,
  embeddingSpec,
  embeddingStageSpecs,
  headParameters,
  headSpecs,
  hiddenSpec,
  layerSpecs,
  type Model,
  runEmbedding,
  runHead,
  runLayer,
  type Specs,
  sharedParameters,
} from './model.js';
import { vectorJacobian } from './vector-jacobian.js';

/** Names of the parameters that a stage's backward pass gives gradients of, by the names inside the stage. */
export interface TrainedNames {
  embedding: string[];
  /** Of each layer, its own parameters. */
  layers: string[][];
  /** Parameters that all layers read. */
  shared: string[];
  head: string[];
}

/** Gradients come by `gradient.` and a name: `gradient.hidden` of a stage's input, and of its trained parameters. */
export interface LayerPrograms {
  readonly trained: TrainedNames;
  /** Names of the linear modules' outputs that can be kept of a layer, and their widths. */
  readonly linearOutputs: ReadonlyMap<string, number>;
  /** Rows of the token table to hidden states, `output`; undefined where they are the same. */
  embedding: (() => Promise<Program>) | undefined;
  /** Undefined where the stage has nothing to train. */
  embeddingGradients: (() => Promise<Program>) | undefined;
  /** Hidden states to `output`; with `outputs`, the linear modules' results too, by the names in `linearOutputs`. */
  layer(layer: number, options: { dropout: boolean; outputs: boolean }): Promise<Program>;
  /** @param options.input whether the gradient of the layer's input is wanted: of the lowest that is trained nobody needs it */
  layerGradients(layer: number, options: { outputs: boolean; input: boolean }): Promise<Program>;
  head(): Promise<Program>;
  headGradients(): Promise<Program>;
  dispose(): Promise<void>;
}

export function layerPrograms(model: Model): LayerPrograms {
  const { config, engine } = model;
  const trained = trainedNames(model);
  const linearOutputs = linearOutputWidths(config);
  const kinds = layerKinds(model);
  const compiled = new Map<string, Promise<Program>>();
  const once = (
    name: string,
    fn: (inputs: Record<string, Tensor>) => Record<string, Tensor>,
    specs: Specs,
    half?: readonly string[],
  ) => {
    const program = compiled.get(name) ?? engine.compile(name, fn, specs, half);
    compiled.set(name, program);
    return program;
  };
  const onceGradients = (
    name: string,
    output: (inputs: Record<string, Tensor>) => Tensor,
    specs: Specs,
    names: string[],
    outputGradient: InputSpec,
  ) =>
    once(name, (inputs) => vectorJacobian(output, inputs, names, inputs.outputGradient as Tensor), {
      ...specs,
      outputGradient,
    });

  const runStage = (inputs: Record<string, Tensor>, onOutput?: (name: string, output: Tensor) => void): Tensor => {
    // training all weights gives gradients of token embeddings too
    const options = { ...model.options, trainsWeights: model.trainsEmbeddings, ...(onOutput ? { onOutput } : {}) };
    return runLayer(inputs.hidden as Tensor, inputs, { ...model, options });
  };
  const layerWithOutputs = (inputs: Record<string, Tensor>): Record<string, Tensor> => {
    const kept: Record<string, Tensor> = {};
    const output = runStage(inputs, (name, of) => {
      if (linearOutputs.has(`${name}.output`)) kept[`${name}.output`] = of;
    });
    return { output, ...kept };
  };
  const embed = (inputs: Record<string, Tensor>): Tensor => runEmbedding(inputs.hidden as Tensor, inputs, model);
  const pool = (inputs: Record<string, Tensor>): Tensor => runHead(inputs.hidden as Tensor, inputs, model);
  const hasEmbedding = architectureOf(config).embedding.run !== undefined;
  const ofRows = model.trainsEmbeddings ? ['hidden', ...trained.embedding] : trained.embedding;

  return {
    trained,
    linearOutputs,
    embedding: hasEmbedding
      ? () => once('embedding', (inputs) => ({ output: embed(inputs) }), embeddingStageSpecs(model))
      : undefined,
    embeddingGradients:
      hasEmbedding && ofRows.length > 0
        ? () => onceGradients('embedding gradients', embed, embeddingStageSpecs(model), ofRows, hiddenSpec(config))
        : undefined,
    layer(layer, { dropout, outputs }) {
      const name = `layer${kinds[layer]}${dropout ? ' with dropout' : ''}${outputs ? ', outputs kept' : ''}`;
      const fn = outputs ? layerWithOutputs : (inputs: Record<string, Tensor>) => ({ output: runStage(inputs) });
      const half = outputs && engine.halfOutputs ? [...linearOutputs.keys()] : undefined;
      return once(name, fn, layerSpecs(model, layer, dropout), half);
    },
    layerGradients(layer, { outputs, input }) {
      const name = `layer${kinds[layer]} gradients${outputs ? ', outputs known' : ''}${input ? '' : ', of parameters alone'}`;
      const specs = {
        ...layerSpecs(model, layer, true),
        ...(outputs ? outputSpecs(linearOutputs, engine.halfOutputs) : {}),
      };
      const names = [...(input ? ['hidden'] : []), ...(trained.layers[layer] as string[]), ...trained.shared];
      return onceGradients(name, runStage, specs, names, hiddenSpec(config));
    },
    head: () => once('head', (inputs) => ({ output: pool(inputs) }), headSpecs(model)),
    headGradients: () =>
      onceGradients('head gradients', pool, headSpecs(model), ['hidden', ...trained.head], embeddingSpec(model)),
    async dispose() {
      // a program that did not compile has nothing to free
      for (const program of compiled.values()) await (await program.catch(() => undefined))?.dispose();
    },
  };
}

function linearOutputWidths(config: Model['config']): Map<string, number> {
  const modules = linearModules(config).filter(({ onlyAdded }) => !onlyAdded);
  return new Map(modules.map(({ path, outputs }) => [`${path}.output`, outputs]));
}

function trainedNames(model: Model): TrainedNames {
  const isTrained = (name: string): boolean => model.trainable.has(name);
  return {
    embedding: embeddingParameters(model).filter(isTrained),
    layers: Array.from({ length: model.config.layers }, (_, layer) => trainedInLayer(model, layer)),
    shared: sharedParameters(model).filter(isTrained),
    head: headParameters(model).filter(isTrained),
  };
}

function trainedInLayer(model: Model, layer: number): string[] {
  const shared = new Set(sharedParameters(model));
  // only parameters say whether they are frozen
  return Object.entries(layerSpecs(model, layer, false)).flatMap(([name, { frozen }]) =>
    frozen === false && !shared.has(name) ? [name] : [],
  );
}

/** A mark for each layer, the same for layers that a program can serve alike; empty for the first kind. */
function layerKinds(model: Model): string[] {
  const kinds = new Map<string, string>();
  return Array.from({ length: model.config.layers }, (_, layer) => {
    const specs = Object.entries(layerSpecs(model, layer, true)).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify(specs);
    const kind = kinds.get(key) ?? (kinds.size === 0 ? '' : ` of kind ${kinds.size + 1}`);
    kinds.set(key, kind);
    return kind;
  });
}

function outputSpecs(widths: ReadonlyMap<string, number>, half = false): Specs {
  return Object.fromEntries(
    [...widths].map(([name, width]): [string, InputSpec] => [
      name,
      { dtype: 'float32', shape: ['batch*sequence', width], ...(half && { half }) },
    ]),
  );
}
