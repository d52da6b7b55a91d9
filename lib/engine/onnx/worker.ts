/**
 * The thread that owns ONNX Runtime: sessions and resident tensors live here, so that a run, which blocks its thread,
 * leaves the caller's event loop free for progress, the stop button and tokenization. On the CPU weights are inputs of
 * the sessions, not part of them: all programs share one copy, and nothing is copied at a run.
 */
import { parentPort } from 'node:worker_threads';
import * as ort from 'onnxruntime-node';
import type { DType, TensorData } from '../types.js';
import type { Answer, Envelope, Feed, Request, ResidentFeed, SessionSettings } from './messages.js';
import { type FrozenFeed, ProgramSessions } from './program-sessions.js';
import { QuantizedWeights } from './quantized-weights.js';
import { TensorCollector } from './tensor-collector.js';

const programs = new Map<number, ProgramSessions>();
const residents = new Map<number, ort.Tensor>();
const quantizedWeights = new QuantizedWeights();
const collector = new TensorCollector();

function toOrt({ dtype, data, shape }: TensorData): ort.Tensor {
  return new ort.Tensor(dtype, data as never, shape);
}

function toData(tensor: ort.Tensor): TensorData {
  return { dtype: tensor.type as DType, shape: [...tensor.dims], data: tensor.data as Float32Array };
}

async function compile(program: number, model: Uint8Array, settings: SessionSettings): Promise<void> {
  const sessions = new ProgramSessions(model, settings);
  programs.set(program, sessions);
  if (!settings.waitsForWeights) await sessions.with([]);
}

async function run(program: number, feeds: Record<string, Feed>, keep: Record<string, number>): Promise<Answer> {
  const sessions = programs.get(program);
  if (!sessions) throw new Error(`program ${program} is not compiled, or was disposed`);
  const inputs: Record<string, ort.Tensor> = {};
  const initializers: FrozenFeed[] = [];
  for (const [name, feed] of Object.entries(feeds)) {
    if (!('resident' in feed)) inputs[name] = toOrt(feed);
    else {
      const tensor = residentTensor(name, feed);
      if (feed.frozen) initializers.push({ name, resident: feed.resident, tensor });
      else inputs[name] = tensor;
    }
  }
  const session = await sessions.with(initializers);
  const outputs = await session.run(inputs);
  const answer: Answer = { ok: true, data: {}, kept: {} };
  for (const [name, tensor] of Object.entries(outputs)) {
    const resident = keep[name];
    if (resident === undefined) (answer.data as Record<string, TensorData>)[name] = toData(tensor);
    else {
      residents.set(resident, tensor);
      (answer.kept as Record<string, object>)[name] = { dtype: tensor.type, shape: [...tensor.dims] };
    }
  }
  return answer;
}

function residentTensor(name: string, { resident, part }: ResidentFeed): ort.Tensor {
  const tensor = part ? quantizedWeights.part(resident, part) : residents.get(resident);
  if (tensor) return tensor;
  if (quantizedWeights.has(resident)) {
    throw new Error(`input "${name}" is a weight in 8 bits, of which only products can be taken`);
  }
  throw new Error(`input "${name}" was released`);
}

async function handle(request: Request): Promise<Answer> {
  switch (request.kind) {
    case 'compile':
      await compile(request.program, request.model, request.settings);
      return { ok: true };
    case 'upload':
      residents.set(request.tensor, toOrt(request.value));
      return { ok: true };
    case 'upload quantized':
      quantizedWeights.add(request.tensor, request.weight);
      return { ok: true };
    case 'download': {
      const tensor = residents.get(request.tensor);
      if (!tensor) throw new Error(`tensor ${request.tensor} was released`);
      const { dtype, shape, data } = toData(tensor);
      // a copy: the resident tensor stays usable when the answer's buffer moves to the other thread
      return { ok: true, data: { value: { dtype, shape, data: data.slice() } } };
    }
    case 'run':
      return run(request.program, request.feeds, request.keep);
    case 'dispose':
      await programs.get(request.program)?.dispose();
      programs.delete(request.program);
      return { ok: true };
    case 'release':
      for (const tensor of request.tensors) {
        collector.released(residents.get(tensor));
        residents.delete(tensor);
        quantizedWeights.release(tensor);
      }
      for (const sessions of programs.values()) await sessions.release(request.tensors);
      collector.collect();
      return { ok: true };
  }
}

const port = parentPort;
if (!port) throw new Error('this file runs as a worker thread of the onnx engine');
// One request after the other, in the order they were sent: a release never overtakes the run that needs the tensor.
let queue = Promise.resolve();
port.on('message', ({ id, body }: Envelope<Request>) => {
  queue = queue.then(async () => {
    const answer = await handle(body).catch(
      (error: unknown): Answer => ({ ok: false, message: error instanceof Error ? error.message : String(error) }),
    );
    const buffers = answer.ok ? Object.values(answer.data ?? {}).map((value) => value.data.buffer as ArrayBuffer) : [];
    port.postMessage({ id, body: answer } satisfies Envelope<Answer>, buffers);
  });
});
