/**
 * A model folder as transformers.js loads it, small enough to write by hand: six words, and an ONNX graph that looks up
 * the row of each. The protobuf messages are those of onnx.proto, written field by field.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const WORDS = ['[PAD]', '[UNK]', 'dark', 'matter', 'graph', 'theory'];
/** A row a word, [6, 3]. */
export const ROWS = [
  [0, 0, 9],
  [1, 1, 1],
  [1, 0, 0.5],
  [0, 2, 0.25],
  [-1, 0, 3],
  [0.5, -0.5, 1],
];

/** @param extra further files by name, as JSON */
export function writeTinyModel(folder: string, extra: Record<string, unknown> = {}): void {
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  writeFileSync(join(folder, 'onnx/model.onnx'), onnxModel());
  const files: Record<string, unknown> = {
    'config.json': { model_type: 'bert', architectures: ['BertModel'], hidden_size: 3, vocab_size: 6 },
    'tokenizer_config.json': {
      tokenizer_class: 'PreTrainedTokenizerFast',
      pad_token: '[PAD]',
      unk_token: '[UNK]',
      model_max_length: 32,
    },
    'tokenizer.json': {
      version: '1.0',
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: { type: 'Whitespace' },
      post_processor: null,
      decoder: null,
      model: { type: 'WordLevel', vocab: Object.fromEntries(WORDS.map((word, i) => [word, i])), unk_token: '[UNK]' },
    },
    ...extra,
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), JSON.stringify(content));
  }
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))];
}
const number = (field: number, value: number): Buffer => Buffer.from([...varint(field * 8), ...varint(value)]);
function message(field: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(content.length)]), content]);
}
const text = (field: number, value: string): Buffer => message(field, Buffer.from(value));

/** ValueInfoProto of a tensor with named dimensions or sizes. */
function valueInfo(field: number, name: string, type: number, shape: (string | number)[]): Buffer {
  const dims = shape.map((size) => message(1, typeof size === 'string' ? text(2, size) : number(1, size)));
  return message(field, text(1, name), message(2, message(1, number(1, type), message(2, ...dims))));
}

function onnxModel(): Buffer {
  const [FLOAT, INT64] = [1, 7];
  const table = message(
    5,
    ...[number(1, ROWS.length), number(1, 3), number(2, FLOAT), text(8, 'table')],
    message(9, Buffer.from(Float32Array.from(ROWS.flat()).buffer)),
  );
  const gather = message(1, text(1, 'table'), text(1, 'input_ids'), text(2, 'last_hidden_state'), text(4, 'Gather'));
  const graph = message(
    7,
    gather,
    text(2, 'tiny'),
    table,
    valueInfo(11, 'input_ids', INT64, ['batch', 'length']),
    valueInfo(11, 'attention_mask', INT64, ['batch', 'length']),
    valueInfo(12, 'last_hidden_state', FLOAT, ['batch', 'length', 3]),
  );
  return Buffer.concat([number(1, 8), graph, message(8, text(1, ''), number(2, 13))]);
}
