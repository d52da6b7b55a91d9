/**
 * The programs of the layerwise plan: a layer, its backward pass, and the head with its own. Each is compiled when
 * it is first asked for, and serves all layers, since they differ by their parameters only.
 */
import * as tf from '@tensorflow/tfjs';
import type { InputSpec, Program } from '../engine/types.js';
import { poolHidden } from '../models/qwen2.js';
import { modulePath, moduleShape } from './lora.js';
import {
  batchSpecs,
  batchTensors,
  embeddingSpec,
  hiddenSpec,
  layerPrefix,
  type Model,
  parameterSpecs,
  poolSpec,
  runLayer,
} from './model.js';

/** Modules whose outputs the backward pass needs: all but the last of a layer, which is only added to the hidden states. */
const KEPT_MODULES = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj'] as const;

export interface LayerPrograms {
  /** Names of the outputs that can be kept of a layer, and their widths. */
  readonly linearOutputs: ReadonlyMap<string, number>;
  /** Hidden states to `output`; with `outputs`, the linear layers' results too, by the names in `linearOutputs`. */
  layer(options: { dropout: boolean; outputs: boolean }): Promise<Program>;
  /** Gradients by `gradient.` and a name: of the hidden states and of the trainable parameters. */
  layerGradients(options: { outputs: boolean }): Promise<Program>;
  head(): Promise<Program>;
  headGradients(): Promise<Program>;
  dispose(): Promise<void>;
}

/** @param inLayer trainable parameters, by their names inside a layer  @param inHead whether the last norm is one */
export function layerPrograms(model: Model, inLayer: string[], inHead: boolean): LayerPrograms {
  const { config, engine } = model;
  const programs = new Map<string, Promise<Program>>();
  const once = (name: string, compile: () => Promise<Program>): Promise<Program> => {
    const compiled = programs.get(name) ?? compile();
    programs.set(name, compiled);
    return compiled;
  };
  const linearOutputs = new Map(
    KEPT_MODULES.map((module) => [`${modulePath(module)}.output`, moduleShape(module, config)[0]]),
  );
  const layerSpecs = (training: boolean, outputs: boolean): Record<string, InputSpec> => ({
    hidden: hiddenSpec(config),
    ...batchSpecs(config),
    ...parameterSpecs(model, layerPrefix(0), training),
    ...(outputs ? outputSpecs(linearOutputs) : {}),
  });
  const headSpecs = {
    hidden: hiddenSpec(config),
    poolWeights: poolSpec,
    ...parameterSpecs(model, 'norm.', false),
  };

  function layerFunction(inputs: Record<string, tf.Tensor>, outputs = false): Record<string, tf.Tensor> {
    const kept: Record<string, tf.Tensor> = {};
    const onOutput = (name: string, output: tf.Tensor): void => {
      if (linearOutputs.has(`${name}.output`)) kept[`${name}.output`] = output;
    };
    // training all weights gives gradients of token embeddings too
    const options = { ...model.options, trainsWeights: model.trainsEmbeddings, ...(outputs ? { onOutput } : {}) };
    const output = runLayer(inputs.hidden as tf.Tensor, inputs, batchTensors(inputs), { ...model, options });
    return { output, ...kept };
  }
  function headFunction({ hidden, weight, poolWeights }: Record<string, tf.Tensor>): Record<string, tf.Tensor> {
    return { output: poolHidden(hidden as tf.Tensor, weight as tf.Tensor, poolWeights as tf.Tensor, config) };
  }

  return {
    linearOutputs,
    layer({ dropout, outputs }) {
      const name = `layer${dropout ? ' with dropout' : ''}${outputs ? ', outputs kept' : ''}`;
      return once(name, () =>
        engine.compile(name, (inputs) => layerFunction(inputs, outputs), layerSpecs(dropout, false)),
      );
    },
    layerGradients({ outputs }) {
      const name = `layer gradients${outputs ? ', outputs known' : ''}`;
      return once(name, () =>
        engine.compile(name, (inputs) => vectorJacobian(layerFunction, inputs, inLayer), {
          ...layerSpecs(true, outputs),
          outputGradient: hiddenSpec(config),
        }),
      );
    },
    head: () => once('head', () => engine.compile('head', headFunction, headSpecs)),
    headGradients: () =>
      once('head gradients', () =>
        engine.compile('head gradients', (inputs) => vectorJacobian(headFunction, inputs, inHead ? ['weight'] : []), {
          ...headSpecs,
          outputGradient: embeddingSpec(config),
        }),
      ),
    async dispose() {
      // a program that did not compile has nothing to free
      for (const compiled of programs.values()) await (await compiled.catch(() => undefined))?.dispose();
    },
  };
}

function outputSpecs(widths: ReadonlyMap<string, number>): Record<string, InputSpec> {
  return Object.fromEntries(
    [...widths].map(([name, width]): [string, InputSpec] => [
      name,
      { dtype: 'float32', shape: ['batch*sequence', width] },
    ]),
  );
}

/** Gradients of fn's output with respect to the hidden states and the named parameters, given the output's. */
function vectorJacobian(
  fn: (inputs: Record<string, tf.Tensor>) => Record<string, tf.Tensor>,
  inputs: Record<string, tf.Tensor>,
  parameterNames: string[],
): Record<string, tf.Tensor> {
  const names = ['hidden', ...parameterNames];
  const output = (...values: tf.Tensor[]): tf.Tensor => {
    const replaced = Object.fromEntries(names.map((name, i) => [name, values[i] as tf.Tensor]));
    return fn({ ...inputs, ...replaced }).output as tf.Tensor;
  };
  const gradients = tf.grads(output)(
    names.map((name) => inputs[name] as tf.Tensor),
    inputs.outputGradient,
  );
  return Object.fromEntries(names.map((name, i) => [`gradient.${name}`, gradients[i] as tf.Tensor]));
}
