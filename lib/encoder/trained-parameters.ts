/**
 * What an encoder trains, an adapter or all weights: on this side as last set, and as tensors on the engine, where they
 * take the place of the base model's.
 */
import { UserError } from '../core/errors.js';
import type { DeviceTensor } from '../engine/types.js';
import type { BaseModel } from '../models/base-model.js';
import { EmbeddingTable } from '../models/embedding-table.js';
import { tokenTableName } from '../models/parameters.js';
import type { ParameterMap } from './adapter-files.js';

export class TrainedParameters {
  /** Of the whole encoder: the base model's, and over them those that are trained. */
  readonly parameters: Map<string, DeviceTensor>;
  /** Token embeddings: the base model's, or the trained ones. */
  table: EmbeddingTable;
  private uploaded: DeviceTensor[] = [];

  private constructor(
    private readonly base: BaseModel,
    /** As last set; empty where nothing is trained. */
    public tensors: ParameterMap,
  ) {
    this.parameters = new Map([...base.weights, ...base.dense]);
    this.table = base.table;
  }

  static async create(base: BaseModel, tensors: ParameterMap): Promise<TrainedParameters> {
    const trained = new TrainedParameters(base, tensors);
    trained.uploaded = await trained.upload(tensors);
    return trained;
  }

  /** Full names of those that are tensors of the graphs: all but the token table. */
  get namesInGraph(): Set<string> {
    const table = tokenTableName(this.base.config);
    return new Set([...this.tensors.keys()].filter((name) => name !== table));
  }

  get count(): number {
    return [...this.tensors.values()].reduce((total, { data }) => total + data.length, 0);
  }

  /** @throws UserError naming the first tensor that is missing, new, or of another shape */
  async replace(tensors: ParameterMap): Promise<void> {
    checkSameShapes(this.tensors, tensors);
    const old = this.uploaded;
    this.uploaded = await this.upload(tensors);
    this.base.engine.release(old);
    this.tensors = tensors;
  }

  release(): void {
    this.base.engine.release(this.uploaded);
  }

  private async upload(tensors: ParameterMap): Promise<DeviceTensor[]> {
    const { config, engine } = this.base;
    const table = tokenTableName(config);
    const uploaded: DeviceTensor[] = [];
    for (const [name, { shape, data }] of tensors) {
      if (name === table) {
        // stays on this side, the caller's own and not a copy: a batch needs few of its rows, and it is the largest
        this.table = new EmbeddingTable(config.vocabularySize, config.hiddenSize, 'F32', data);
        continue;
      }
      // a copy moves to the engine; the caller keeps its own
      const tensor = await engine.upload({ dtype: 'float32', shape, data: data.slice() });
      this.parameters.set(name, tensor);
      uploaded.push(tensor);
    }
    return uploaded;
  }
}

function checkSameShapes(old: ParameterMap, tensors: ParameterMap): void {
  for (const name of new Set([...old.keys(), ...tensors.keys()])) {
    const [before, now] = [old.get(name), tensors.get(name)].map((tensor) => tensor && `[${tensor.shape.join(', ')}]`);
    if (before !== now)
      throw new UserError(
        `${name} is ${now ?? 'missing'}, the encoder has ${before ?? 'none'}: expected the same shapes`,
      );
  }
}
