/**
 * One small program for a layer, run once a layer, and one for its backward pass, which computes the layer again from its
 * input (Chen et al., 2016, "Training deep nets with sublinear memory cost", arXiv:1604.06174). Memory holds one layer's
 * activations and the inputs of the layers; tracing takes the same time at any depth.
 *
 * What memory there is saves work, the cheapest first. The inputs of the layers (3.6 kB a token and layer of
 * Qwen2.5-0.5B) can stay from the forward to the backward pass: a GradCache step then computes no more than a plain step
 * with recomputation, since its first pass is the forward pass that the backward pass needs anyway. The outputs of the
 * linear modules (47 kB) can stay too, for as many layers as there is room: recomputing such a layer takes no matrix
 * product but those of its attention (Korthikanti et al., 2022, arXiv:2205.05198, turned around).
 */
import type { TensorData } from '../engine/types.js';
import type { PaddedBatch } from './batch-inputs.js';
import type { ExecutionPlan, SavedActivations } from './execution-plan.js';
import { layerPrograms } from './layer-programs.js';
import { headValues, type LayerStates, runLayers, stateBytes, withBatchInputs } from './layer-states.js';
import { layerwiseGradients } from './layerwise-gradients.js';
import type { Model } from './model.js';

/** @param activationBudget of linear outputs that a backward pass may keep for its own time */
export function layerwisePlan(model: Model, activationBudget = 0): ExecutionPlan {
  const { config, engine } = model;
  const programs = layerPrograms(model);
  const bytes = stateBytes(model, programs);
  /** Of how many layers a budget keeps the linear outputs. */
  const recordable = (batch: PaddedBatch, budget: number): number => {
    const each = bytes.outputs(batch.tokenIds.length);
    return each > 0 && budget > 0 ? Math.min(config.layers, Math.floor(budget / each)) : 0;
  };
  return {
    name: 'layerwise',
    forward: (batch, rows, extra, activationBudget) =>
      withBatchInputs(model, batch, async (inputs) => {
        const pass = { model, programs, batch, inputs, rows, extra };
        const room = activationBudget - bytes.inputs(batch.tokenIds.length);
        const states = await runLayers(pass, { keep: room >= 0, recorded: recordable(batch, room), bytes });
        let saved: SavedActivations | undefined;
        try {
          const head = await programs.head();
          const { data } = await head.run({ ...headValues(pass), hidden: states.last });
          if (room >= 0) saved = states;
          return { embeddings: data.output as TensorData, saved };
        } finally {
          if (!saved) engine.release(states.tensors);
        }
      }),
    async backward(batch, rows, extra, gradient, saved) {
      try {
        return await withBatchInputs(model, batch, async (inputs) => {
          const pass = { model, programs, batch, inputs, rows, extra };
          const states =
            (saved as LayerStates | undefined) ??
            (await runLayers(pass, { keep: true, recorded: recordable(batch, activationBudget), bytes }));
          return layerwiseGradients(pass, states, gradient);
        });
      } finally {
        // what the pass did not come to use, where the inputs of the batch found no room
        if (saved) engine.release(saved.tensors);
      }
    },
    savedBytes: (tokens) => ({
      least: bytes.inputs(tokens),
      most: bytes.inputs(tokens) + config.layers * bytes.outputs(tokens),
    }),
    dispose: () => programs.dispose(),
  };
}
