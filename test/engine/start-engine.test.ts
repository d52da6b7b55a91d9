/** Which engine is started, and what is said where it cannot be. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { UserError } from '../../lib/core/errors.js';
import type { MessageEvent } from '../../lib/core/events.js';
import { startEngine } from '../../lib/engine/start-engine.js';

const scratch = mkdtempSync(join(tmpdir(), 'start-engine-'));
afterAll(() => rmSync(scratch, { recursive: true }));
beforeEach(() => void vi.stubEnv('LLM_EMBEDDING_TENSORFLOW', join(scratch, 'tensorflow')));
afterEach(() => vi.unstubAllEnvs());

const refusal = async (options: Parameters<typeof startEngine>[0]): Promise<string> => {
  const error: unknown = await startEngine(options).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(UserError);
  expect((error as Error).message).not.toContain('\n');
  return (error as Error).message;
};

it('auto is onnx where TensorFlow is not set up', async () => {
  const engine = await startEngine({ engine: 'auto', threads: 1 });
  expect(engine.name).toBe('onnx');
  expect(engine.precision ?? 'float32').toBe('float32');
  await engine.close();
});

it('auto is onnx, with a reason, where there is a GPU and the build does not load', async () => {
  const bin = join(scratch, 'bin');
  mkdirSync(bin);
  const listing = '0, GPU-1, NVIDIA L4, 550.54.15, 23034, 22000, 8.9';
  writeFileSync(join(bin, 'nvidia-smi'), `#!/bin/sh\necho '${listing}'\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${bin}${delimiter}${process.env.PATH}`);
  vi.stubEnv('CUDA_VISIBLE_DEVICES', undefined);
  const build = join(scratch, 'tensorflow/cuda-0');
  mkdirSync(build, { recursive: true });
  writeFileSync(join(scratch, 'tensorflow/current.json'), '{"build":"cuda-0"}');
  writeFileSync(join(build, 'installation.json'), '{"kind":"cuda"}');
  writeFileSync(join(build, 'tfjs_binding.node'), 'not a library');
  const messages: MessageEvent[] = [];
  const engine = await startEngine({ engine: 'auto', threads: 1 }, { onMessage: (event) => messages.push(event) });
  expect(engine.name).toBe('onnx');
  expect(messages).toMatchObject([
    { level: 'warning', text: expect.stringMatching(/engine onnx, since TensorFlow does not run.*npm run setup:gpu/) },
  ]);
  await engine.close();
  rmSync(join(scratch, 'tensorflow'), { recursive: true });
});

it('what an engine cannot do is refused, with what to do', async () => {
  expect(await refusal({ engine: 'tensorflow', threads: 1 })).toMatch(/not set up: run npm run setup:gpu/);
  const bfloat16 = { threads: 1, precision: 'bfloat16' } as const;
  expect(await refusal({ ...bfloat16, engine: 'onnx' })).toMatch(/precision = "bfloat16".*--engine tensorflow/);
  expect(await refusal({ ...bfloat16, engine: 'auto' })).toMatch(/precision = "bfloat16".*--engine tensorflow/);
  const float16 = { threads: 1, precision: 'float16' } as const;
  for (const engine of ['auto', 'onnx', 'tensorflow', 'wasm'] as const) {
    expect(await refusal({ ...float16, engine })).toMatch(/precision = "float16".*provider webgpu or cuda/);
  }
  expect(await refusal({ ...float16, engine: 'wasm', provider: 'webgpu' })).toMatch(/precision = "float16"/);
});

it('an execution provider that is not there is refused, with what it needs', async () => {
  // the packages bring no CUDA
  const message = await refusal({ engine: 'onnx', threads: 1, provider: 'cuda' });
  expect(message).toMatch(/^provider = "cuda" does not run on this machine: .*it needs an NVIDIA driver.*provider=cpu/);
  const half = await refusal({ engine: 'onnx', threads: 1, provider: 'cuda', precision: 'float16' });
  expect(half).toMatch(
    /^provider = "cuda" in float16 does not run.*a GPU that has float16; use precision=float32, or that and provider=cpu/,
  );
});
