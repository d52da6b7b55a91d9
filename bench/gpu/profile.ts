/**
 * Where the time of one micro-batch goes: preparation on the host, and each kind of op on the device. Ops run in order
 * here, with a wait after each, so their sum is more than the micro-batch takes when they overlap with the host.
 */
import type { Tensor } from '@tensorflow/tfjs';
import type { Encoder } from '../../lib/encoder/encoder.js';
import { currentInstallation } from '../../lib/engine/tensorflow/installation.js';
import {
  BFLOAT16,
  type Binding,
  FLOAT32,
  loadNativeBackend,
  type NativeBackend,
  type NativeTensor,
} from '../../lib/engine/tensorflow/native-backend.js';
import { sampleMicroBatches, tokenIds } from './workload.js';

export interface Profile {
  budget: number;
  /** Milliseconds: padding and look-up of token embeddings; the micro-batch as usual; with a wait after each op. */
  preparation: number;
  total: number;
  serialized: number;
  /** Milliseconds that handing over the ops takes: the same program on one short text. */
  dispatch: number;
  ops: { name: string; count: number; milliseconds: number }[];
}

const INT32 = 3;

/** One training micro-batch. */
export async function profileTraining(encoder: Encoder, budget: number): Promise<Profile> {
  const { vocabularySize } = encoder.base.config;
  const [lengths] = sampleMicroBatches(budget, 1) as [number[]];
  const ids = tokenIds(lengths, vocabularySize);
  const short = encoder.pad(tokenIds([8], vocabularySize));
  const start = performance.now();
  const batch = encoder.pad(ids);
  encoder.base.table.lookup(batch.tokenIds);
  const preparation = performance.now() - start;

  const train = async (of: typeof batch): Promise<number> => {
    const begun = performance.now();
    const { saved, embeddings } = await encoder.forward(of, {}, encoder.plan.savedBytes(of.tokenIds.length).least);
    await encoder.backward(of, new Float32Array(embeddings.data.length).fill(1e-3), {}, saved);
    return performance.now() - begun;
  };
  for (const of of [batch, short]) await train(of);
  const total = Math.min(await train(batch), await train(batch));
  const dispatch = Math.min(await train(short), await train(short));

  const backend = loadNativeBackend(currentInstallation()!, { threads: 0, tensorFloat32: true });
  const times = new Map<string, { count: number; milliseconds: number }>();
  const restore = timeEveryOp(backend, (name, milliseconds) => {
    const entry = times.get(name) ?? { count: 0, milliseconds: 0 };
    times.set(name, { count: entry.count + 1, milliseconds: entry.milliseconds + milliseconds });
  });
  try {
    const serialized = await train(batch);
    const ops = [...times].map(([name, entry]) => ({ name, ...entry })).sort((a, b) => b.milliseconds - a.milliseconds);
    return { budget, preparation, total, serialized, dispatch, ops };
  } finally {
    restore();
  }
}

/** Puts a clock around every op of the backend; products are told apart by the rank of their result. */
function timeEveryOp(backend: NativeBackend, record: (name: string, milliseconds: number) => void): () => void {
  const { executeSingleOutput, executeMultipleOutputs } = backend;
  const timed = <T extends Tensor | Tensor[]>(name: string, run: () => T): T => {
    const start = performance.now();
    const result = run();
    const [first] = [result].flat() as Tensor[];
    if (first) waitFor(backend.binding, backend.tensorMap.get(first.dataId));
    const rank = name.includes('MatMul') ? `, rank ${first?.shape.length}` : '';
    record(`${name}${rank}`, performance.now() - start);
    return result;
  };
  backend.executeSingleOutput = (name, attributes, inputs) =>
    timed(name, () => executeSingleOutput(name, attributes, inputs));
  backend.executeMultipleOutputs = (name, attributes, inputs, outputs) =>
    timed(name, () => executeMultipleOutputs(name, attributes, inputs, outputs));
  return () => Object.assign(backend, { executeSingleOutput, executeMultipleOutputs });
}

/** Reads one number of a result: the device computes in order, so everything before it is done then. */
function waitFor(binding: Binding, tensor: NativeTensor): void {
  if (tensor.shape.includes(0) || (tensor.dtype !== FLOAT32 && tensor.dtype !== BFLOAT16)) return;
  const rank = tensor.shape.length;
  const run = (name: string, attributes: [string, number][], inputs: number[]): number =>
    (
      binding.executeOp(
        name,
        attributes.map(([attribute, value]) => ({ name: attribute, type: binding.TF_ATTR_TYPE, value })),
        inputs,
        1,
      )[0] as NativeTensor
    ).id;
  const made = [
    binding.createTensor([rank], INT32, new Int32Array(rank)),
    binding.createTensor([rank], INT32, new Int32Array(rank).fill(1)),
  ];
  try {
    made.push(run('Slice', [['Index', INT32]], [tensor.id, made[0]!, made[1]!]));
    made.push(run('Cast', [['DstT', FLOAT32]], [made[2]!]));
    binding.tensorDataSync(made[3]!);
  } finally {
    for (const id of made) binding.deleteTensor(id);
  }
}
