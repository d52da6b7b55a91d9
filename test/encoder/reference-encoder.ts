/**
 * The whole encoder a second time: one text after the other, in float64, with plain loops and no library, written from
 * the papers and from transformers' modeling_qwen2.py and modeling_qwen3.py. Slow, and meant to be read beside
 * lib/encoder: what padding, masks, graphs and engines compute must equal what is written here.
 *
 *   S tokens of the text, D hidden size, H query heads, K key-value heads, E head dimension
 *
 * Hidden states are arrays of S rows.
 */
import type { QwenConfig } from '../../lib/models/architectures/qwen-config.js';
import type { PoolingName } from '../../lib/models/pooling.js';

export interface ReferenceTensor {
  shape: number[];
  data: ArrayLike<number>;
}

export interface ReferenceModel {
  config: QwenConfig;
  /** Every parameter by its full name, `embed_tokens.weight` and `layers.0.mlp.up_proj.lora_A` included. */
  parameters: ReadonlyMap<string, ReferenceTensor>;
  /** Factor on the adapters: alpha / rank. */
  adapterScale?: number;
  causal?: boolean;
  /** What a linear module's input is multiplied with before its adapter, [S, in] by the module's full name. */
  dropout?: ReadonlyMap<string, ArrayLike<number>>;
}

type Row = Float64Array;

/** The pooled embedding of one text [D], not normalized. */
export function referenceEmbedding(
  model: ReferenceModel,
  tokens: ArrayLike<number>,
  pooling: PoolingName = 'mean',
): Row {
  const hidden = referenceHiddenStates(model, tokens);
  if (pooling === 'cls') return hidden[0] as Row;
  if (pooling === 'last') return hidden.at(-1) as Row;
  return new Float64Array(model.config.hiddenSize).map(
    (_, i) => hidden.reduce((total, row) => total + row[i]!, 0) / hidden.length,
  );
}

/** The last hidden state of one text, S rows of D. */
export function referenceHiddenStates(model: ReferenceModel, tokens: ArrayLike<number>): Row[] {
  const { config } = model;
  const table = parameter(model, 'embed_tokens.weight');
  let hidden = Array.from(tokens, (id) => rowOf(table, id));
  for (let layer = 0; layer < config.layers; layer++) hidden = decoderLayer(model, hidden, `layers.${layer}`);
  return hidden.map((row) => rmsNorm(model, row, 'norm'));
}

function decoderLayer(model: ReferenceModel, hidden: Row[], prefix: string): Row[] {
  const normed = hidden.map((row) => rmsNorm(model, row, `${prefix}.input_layernorm`));
  const attended = attention(model, normed, `${prefix}.self_attn`).map((row, s) => plus(row, hidden[s] as Row));
  const fed = feedForward(
    model,
    attended.map((row) => rmsNorm(model, row, `${prefix}.post_attention_layernorm`)),
    `${prefix}.mlp`,
  );
  return fed.map((row, s) => plus(row, attended[s] as Row));
}

function attention(model: ReferenceModel, x: Row[], prefix: string): Row[] {
  const { attentionHeads, keyValueHeads, headDimension: width, queryKeyNorm } = model.config;
  const causal = model.causal ?? model.config.causal;
  // heads[h][s] is the vector of head h at position s
  const heads = (name: 'q' | 'k' | 'v', count: number): Row[][] => {
    const rows = linear(model, x, `${prefix}.${name}_proj`);
    return Array.from({ length: count }, (_, h) =>
      rows.map((row, position) => {
        const own = row.slice(h * width, (h + 1) * width);
        if (name === 'v') return own;
        return rotate(model, queryKeyNorm ? rmsNorm(model, own, `${prefix}.${name}_norm`) : own, position);
      }),
    );
  };
  const queries = heads('q', attentionHeads);
  const keys = heads('k', keyValueHeads);
  const values = heads('v', keyValueHeads);
  const mixed = x.map((_, position) => {
    const out = new Float64Array(attentionHeads * width);
    for (let h = 0; h < attentionHeads; h++) {
      const group = Math.floor(h / (attentionHeads / keyValueHeads));
      const visible = causal ? position + 1 : x.length;
      const scores = Array.from(
        { length: visible },
        (_, s) => dot(queries[h]![position]!, keys[group]![s]!) / Math.sqrt(width),
      );
      softmax(scores).forEach((weight, s) => {
        const value = values[group]![s]!;
        for (let e = 0; e < width; e++) out[h * width + e]! += weight * value[e]!;
      });
    }
    return out;
  });
  return linear(model, mixed, `${prefix}.o_proj`);
}

/** Pairs (i, i + E/2) turned by position * theta^(-2i/E). */
function rotate({ config }: ReferenceModel, x: Row, position: number): Row {
  const half = config.headDimension / 2;
  const out = new Float64Array(x.length);
  for (let i = 0; i < half; i++) {
    const angle = position * config.ropeTheta ** ((-2 * i) / config.headDimension);
    out[i] = x[i]! * Math.cos(angle) - x[i + half]! * Math.sin(angle);
    out[i + half] = x[i + half]! * Math.cos(angle) + x[i]! * Math.sin(angle);
  }
  return out;
}

function feedForward(model: ReferenceModel, x: Row[], prefix: string): Row[] {
  const gate = linear(model, x, `${prefix}.gate_proj`);
  const up = linear(model, x, `${prefix}.up_proj`);
  const product = gate.map((row, s) => row.map((g, i) => (g / (1 + Math.exp(-g))) * (up[s] as Row)[i]!));
  return linear(model, product, `${prefix}.down_proj`);
}

/** W x + b + scale B A (dropped out x), row by row. */
function linear(model: ReferenceModel, x: Row[], name: string): Row[] {
  const { parameters, adapterScale = 0, dropout } = model;
  const weight = parameter(model, `${name}.weight`);
  const bias = parameters.get(`${name}.bias`);
  const down = parameters.get(`${name}.lora_A`);
  const up = parameters.get(`${name}.lora_B`);
  const mask = dropout?.get(name);
  return x.map((row, s) => {
    const y = times(weight, row).map((value, i) => value + (bias?.data[i] ?? 0));
    if (!down || !up) return y;
    const input = mask ? row.map((value, i) => value * mask[s * row.length + i]!) : row;
    const update = times(up, times(down, input));
    return y.map((value, i) => value + adapterScale * update[i]!);
  });
}

function rmsNorm(model: ReferenceModel, x: Row, name: string): Row {
  const weight = parameter(model, `${name}.weight`).data;
  const meanSquare = dot(x, x) / x.length;
  return x.map((value, i) => (value / Math.sqrt(meanSquare + model.config.rmsNormEpsilon)) * weight[i]!);
}

function parameter(model: ReferenceModel, name: string): ReferenceTensor {
  const tensor = model.parameters.get(name);
  if (!tensor) throw new Error(`the reference needs ${name}`);
  return tensor;
}

function rowOf({ shape, data }: ReferenceTensor, index: number): Row {
  const width = shape[1] as number;
  return Float64Array.from({ length: width }, (_, i) => data[index * width + i]!);
}

/** Matrix [out, in] times vector [in]. */
function times({ shape, data }: ReferenceTensor, x: Row): Row {
  const out = new Float64Array(shape[0] as number);
  for (let o = 0; o < out.length; o++) {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += data[o * x.length + i]! * x[i]!;
    out[o] = sum;
  }
  return out;
}

function softmax(scores: number[]): number[] {
  const highest = Math.max(...scores);
  const exponentials = scores.map((score) => Math.exp(score - highest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

function plus(a: Row, b: Row): Row {
  return a.map((value, i) => value + b[i]!);
}

function dot(a: Row, b: Row): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
