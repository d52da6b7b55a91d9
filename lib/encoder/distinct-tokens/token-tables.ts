/**
 * What the layer of a {@link TokenForm} knows of each token, as tables on the engine. They have the tokens that texts
 * have asked for, and grow with them: a vocabulary may be much larger than what a corpus uses.
 *
 *   T tokens in the tables, D hidden size, E width of queries and keys
 */
import type { Tensor } from '@tensorflow/tfjs';
import type { DeviceTensor, Program, TensorData } from '../../engine/types.js';
import type { ModelConfig } from '../../models/architecture.js';
import type { EmbeddingTable } from '../../models/embedding-table.js';
import type { TokenForm } from '../../models/token-form.js';
import { layerParameters, type Model, parameterSpecs } from '../model.js';

/** Beyond this the tables begin anew, with the tokens that are wanted at the time. */
const MAX_BYTES = 256e6;
/** Tokens whose values are computed together. */
const TOKENS_AT_ONCE = 4096;
/** A vocabulary that is taken whole as soon as tables would grow: each growth copies them, and a server grows with each request. */
const SMALL_VOCABULARY = 16_384;

/** The tables in the order of their names: row [T, D], query [T, E], key [T, E], added [T, D]. */
export const TABLE_NAMES = ['row', 'query', 'key', 'added'] as const;
export type TableName = (typeof TABLE_NAMES)[number];
type Rows = Record<TableName, Float32Array>;

export class TokenTables {
  /** Row of each token of the vocabulary; -1 where it has none. */
  private readonly placeOf: Int32Array;
  private count = 0;
  /** The tables on this side, to which more rows can be added. */
  private rows: Rows | undefined;
  private resident: Record<TableName, DeviceTensor> | undefined;
  private program: Promise<Program> | undefined;
  private readonly widths: Record<TableName, number>;
  private readonly capacity: number;

  /** @param table of token embeddings, as it is at the time */
  constructor(
    private readonly model: Model,
    private readonly form: TokenForm<ModelConfig>,
    private readonly table: () => EmbeddingTable,
    maxBytes: number = MAX_BYTES,
  ) {
    const { config } = model;
    this.placeOf = new Int32Array(config.vocabularySize).fill(-1);
    const [wide, narrow] = [config.hiddenSize, form.queryWidth(config)];
    this.widths = { row: wide, query: narrow, key: narrow, added: wide };
    this.capacity = Math.floor(maxBytes / (4 * 2 * (wide + narrow)));
  }

  /** How many tokens the tables hold without beginning anew. */
  holds(tokens: number): boolean {
    return tokens <= this.capacity;
  }

  /** Makes rows for those of the tokens that have none. Their places may change. */
  async include(tokens: ReadonlySet<number>): Promise<void> {
    const without = (): number[] => [...tokens].filter((id) => (this.placeOf[id] as number) < 0);
    let missing = without();
    if (missing.length === 0) return;
    const { vocabularySize } = this.model.config;
    if (this.rows && vocabularySize <= SMALL_VOCABULARY && this.holds(vocabularySize)) missing = this.absent();
    if (!this.holds(this.count + missing.length)) {
      this.clear();
      missing = without();
    }
    const parts: Rows[] = this.rows ? [this.rows] : [];
    for (let start = 0; start < missing.length; start += TOKENS_AT_ONCE) {
      parts.push(await this.valuesOf(Int32Array.from(missing.slice(start, start + TOKENS_AT_ONCE))));
    }
    const total = this.count + missing.length;
    const rows = eachTable((name) =>
      joined(
        parts.map((part) => part[name]),
        total * this.widths[name],
      ),
    );
    const uploaded = await this.upload(rows, total);
    this.release();
    this.resident = uploaded;
    this.rows = rows;
    for (const id of missing) this.placeOf[id] = this.count++;
  }

  private absent(): number[] {
    return [...this.placeOf.keys()].filter((id) => (this.placeOf[id] as number) < 0);
  }

  /** Row of a token that was included. */
  place(token: number): number {
    return this.placeOf[token] as number;
  }

  /** The tables with the tokens that were included. */
  get tensors(): Readonly<Record<TableName, DeviceTensor>> {
    if (!this.resident) throw new Error('no token is in the tables yet');
    return this.resident;
  }

  /** Forgets all rows, for weights that have changed or for room. */
  clear(): void {
    this.release();
    this.rows = undefined;
    this.count = 0;
    this.placeOf.fill(-1);
  }

  async dispose(): Promise<void> {
    this.clear();
    await (await this.program?.catch(() => undefined))?.dispose();
  }

  private async valuesOf(tokens: Int32Array): Promise<Rows> {
    const { model, form } = this;
    const { config, engine, options } = model;
    const parameters = layerParameters(model, 0);
    this.program ??= engine.compile(
      'token values',
      (inputs) => ({ ...form.values(inputs.rows as Tensor, inputs, config, options) }),
      { rows: { dtype: 'float32', shape: ['tokens', config.hiddenSize] }, ...parameterSpecs(model, parameters) },
    );
    const row = this.table().lookup(tokens);
    const inputs: Record<string, TensorData | DeviceTensor> = {
      rows: { dtype: 'float32', shape: [tokens.length, config.hiddenSize], data: row },
    };
    for (const name of parameters) inputs[name] = model.parameters.get(name) as DeviceTensor;
    const { data } = await (await this.program).run(inputs);
    const values = (name: TableName): Float32Array => data[name]?.data as Float32Array;
    return { row, query: values('query'), key: values('key'), added: values('added') };
  }

  private async upload(rows: Rows, tokens: number): Promise<Record<TableName, DeviceTensor>> {
    const { engine } = this.model;
    const uploads = TABLE_NAMES.map(
      async (name): Promise<[TableName, DeviceTensor]> => [
        name,
        // a copy, which moves to the engine
        await engine.upload({ dtype: 'float32', shape: [tokens, this.widths[name]], data: rows[name].slice() }),
      ],
    );
    return Object.fromEntries(await Promise.all(uploads)) as Record<TableName, DeviceTensor>;
  }

  private release(): void {
    if (this.resident) this.model.engine.release(Object.values(this.resident));
    this.resident = undefined;
  }
}

function eachTable<Value>(make: (name: TableName) => Value): Record<TableName, Value> {
  return Object.fromEntries(TABLE_NAMES.map((name) => [name, make(name)])) as Record<TableName, Value>;
}

function joined(parts: readonly Float32Array[], length: number): Float32Array {
  const out = new Float32Array(length);
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}
