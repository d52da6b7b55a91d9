/** Encodes the next texts of a list at every turn, tokenizing included, and appends their embeddings to a file. */
import { appendFileSync, readFileSync } from 'node:fs';
import { embedTexts } from '../../lib/encoder/embed-texts.js';
import { createEncoder, type EncoderOptions } from '../../lib/encoder/encoder.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import { loadBaseModel } from '../../lib/models/base-model.js';
import { answerRuns } from './answer-runs.js';

/** What the process is started with. */
export interface EncodingContenderOptions {
  model: string;
  plan: EncoderOptions['plan'];
  /** JSON file of the texts. */
  texts: string;
  turns: number;
  maxLength: number;
  threads: number;
  /** Where the embeddings go, as raw floats. */
  out: string;
}

const options = JSON.parse(process.argv[2] as string) as EncodingContenderOptions;
const texts = JSON.parse(readFileSync(options.texts, 'utf8')) as string[];
const engine = createOnnxEngine({ threads: options.threads });
const base = await loadBaseModel(options.model, engine);
const encoder = await createEncoder(base, { plan: options.plan });
const { maxPositions } = base.config;
const maxLength = Math.min(options.maxLength, base.sentence.maxTokens ?? maxPositions, maxPositions);
const each = Math.ceil(texts.length / options.turns);
let turn = 0;

await answerRuns(`${encoder.encoding.name}, ${maxLength} tokens`, async () => {
  const slice = texts.slice(turn * each, (turn + 1) * each);
  turn++;
  const rows = await embedTexts(encoder, slice, { maxLength, normalize: true });
  appendFileSync(options.out, new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
  return { result: [] };
});
await engine.close();
