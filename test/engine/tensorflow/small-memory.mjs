/**
 * A program for engine.test.ts, run with and without a limit of memory: gradients of one batch, and what was said on the
 * way, as JSON.
 *
 *   node small-memory.mjs URL-OF-THE-COMPILED-LIBRARY
 */
const library = process.argv[2];
const load = (name) => import(new URL(name, library).href);
const { createTensorflowEngine } = await load('engine/tensorflow/engine.js');
const { createEncoder } = await load('encoder/encoder.js');
const { loadBaseModel } = await load('encoder/base-model.js');
const { initializeAdapter } = await load('encoder/lora.js');
const { createInfoNceLoss } = await load('training/info-nce.js');
const { gradCache } = await load('training/grad-cache.js');

const engine = await createTensorflowEngine({ precision: 'float32' });
const base = await loadBaseModel(new URL('../../data/sample-encoder', library).pathname, engine);
const config = { rank: 4, alpha: 8, dropout: 0, targetModules: ['o_proj', 'down_proj'], rankStabilized: false };
const tensors = initializeAdapter(config, base.config, 1);
for (const [name, { data }] of tensors) {
  // as after some steps: a new adapter has zeros here, and no gradient for the other matrix
  if (name.endsWith('lora_B')) data.set(data.map((_, i) => Math.sin(i) / 50));
}
const encoder = await createEncoder(base, { adapter: { config, tensors } });
const loss = await createInfoNceLoss(engine, {
  dimensions: encoder.dimensions,
  temperature: 0.05,
  symmetric: true,
  falseNegativeMargin: null,
});
const text = (length, seed) =>
  Int32Array.from({ length }, (_, i) => (i * 37 + seed * 101) % base.config.vocabularySize);
const queries = Array.from({ length: 32 }, (_, i) => text(20, i));
const documents = Array.from({ length: 32 }, (_, i) => text(120, i));
const messages = [];
const { gradients } = await gradCache(encoder, loss, queries, documents, {
  tokenBudget: 4096,
  activationBudget: 0,
  dropout: { probability: 0, seed: 0, labels: [] },
  onMessage: ({ text }) => messages.push(text),
});
console.log(
  JSON.stringify({ messages, gradients: [...gradients.values()].flatMap((values) => [...values.slice(0, 500)]) }),
);
