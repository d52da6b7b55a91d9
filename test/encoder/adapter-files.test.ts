import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../lib/core/errors.js';
import { adapterTensorShapes, readAdapter, writeAdapter } from '../../lib/encoder/adapter-files.js';
import { openSafetensors, type SafetensorsTensor, writeSafetensors } from '../../lib/files/safetensors.js';
import { readModelConfig } from '../../lib/models/model-config.js';

const fixture = fileURLToPath(new URL('../fixtures/qwen2/adapter', import.meta.url));
const model = await readModelConfig(fileURLToPath(new URL('../fixtures/qwen2/model-bf16', import.meta.url)));
const root = mkdtempSync(join(tmpdir(), 'adapter-'));
const folder = join(root, 'adapter');
const configPath = join(folder, 'adapter_config.json');
const weightsPath = join(folder, 'adapter_model.safetensors');
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  cpSync(fixture, folder, { recursive: true });
});

function changeConfig(fields: Record<string, unknown>): void {
  const config = JSON.parse(readFileSync(join(fixture, 'adapter_config.json'), 'utf8')) as Record<string, unknown>;
  writeFileSync(configPath, JSON.stringify({ ...config, ...fields }));
}

/** Stores the adapter's tensors under other names; an undefined name drops one. */
async function rename(newName: (name: string) => string | undefined): Promise<void> {
  const file = await openSafetensors(join(fixture, 'adapter_model.safetensors'));
  const tensors: Record<string, SafetensorsTensor> = {};
  for (const [name, { shape }] of file.tensors) {
    const renamed = newName(name);
    if (renamed) tensors[renamed] = { dtype: 'F32', shape, data: await file.readFloat32(name) };
  }
  await file.close();
  await writeSafetensors(weightsPath, tensors, { format: 'pt' });
}

async function refusal(): Promise<string> {
  const error: unknown = await readAdapter(folder, model).catch((e) => e);
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).not.toContain('\n');
  return (error as UserError).message;
}

describe('readAdapter', () => {
  it('reads what PEFT wrote', async () => {
    const { config, tensors } = await readAdapter(fixture, model);
    expect(config).toEqual({
      rank: 8,
      alpha: 16,
      dropout: 0,
      targetModules: ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'],
      rankStabilized: false,
    });
    expect(tensors.size).toBe(42);
    expect([...tensors.keys()]).toEqual([...adapterTensorShapes(model, config).keys()]);
    expect(tensors.get('layers.2.mlp.down_proj.lora_A')?.shape).toEqual([8, 176]);
    expect(tensors.get('layers.2.mlp.down_proj.lora_B')?.shape).toEqual([64, 8]);
    const file = await openSafetensors(weightsPath);
    const name = 'base_model.model.layers.1.self_attn.k_proj.lora_B.weight';
    expect(tensors.get('layers.1.self_attn.k_proj.lora_B')?.data).toEqual(await file.readFloat32(name));
    await file.close();
  });

  it('reads the names of an adapter of a causal language model', async () => {
    await rename((name) => name.replace('base_model.model.', 'base_model.model.model.'));
    expect(await readAdapter(folder, model)).toEqual(await readAdapter(fixture, model));
  });

  it('understands the three ways to name target modules', async () => {
    const all = await readAdapter(fixture, model);
    for (const targets of [
      'all-linear',
      '.*\\.(q|k|v|o|gate|up|down)_proj',
      ['self_attn.q_proj', 'self_attn.k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'],
    ]) {
      changeConfig({ target_modules: targets, use_rslora: true });
      const read = await readAdapter(folder, model);
      expect(read.config).toEqual({ ...all.config, rankStabilized: true });
    }
    await rename((name) => (/[qv]_proj/.test(name) ? name : undefined));
    changeConfig({ target_modules: 'model\\.layers\\.\\d+\\.self_attn\\.(q|v)_proj' });
    expect((await readAdapter(folder, model)).config.targetModules).toEqual(['q_proj', 'v_proj']);
  });

  it('refuses options that it would compute wrongly, by name', async () => {
    const cases: [Record<string, unknown>, string][] = [
      [{ use_dora: true }, 'use_dora = true'],
      [{ rank_pattern: { q_proj: 4 } }, 'the model and r = 4 ask for [4, 64]'],
      [{ alpha_pattern: { q_proj: 0 } }, 'alpha_pattern'],
      [{ bias: 'all' }, 'bias = "all"'],
      [{ modules_to_save: ['embed_tokens'] }, 'modules_to_save'],
      [{ layers_to_transform: [0] }, 'is not among the target_modules'],
      [{ peft_type: 'IA3' }, 'peft_type = "IA3"'],
      [{ init_lora_weights: 'pissa' }, 'init_lora_weights = "pissa"'],
      [{ r: undefined }, 'r = undefined'],
      [{ target_modules: ['lm_head'] }, 'names no linear module'],
      [{ target_modules: '(?P<x>q_proj)' }, 'only Python reads'],
      [{ target_modules: '(([a-z_.0-9])+)+!' }, 'takes too long to match'],
      [{ exclude_modules: '(([a-z_.0-9])+)+!' }, 'exclude_modules: "^(?:(([a-z_.0-9])+)+!)$" takes too long to match'],
      [
        { rank_pattern: { '(([a-z_.0-9])+)+!': 4 } },
        'rank_pattern: "^(?:.*\\.)?(?:(([a-z_.0-9])+)+!)$" takes too long',
      ],
      [{ use_something_new: true }, 'use_something_new = true is not known here'],
      [{ some_pattern: { q_proj: 4 } }, 'some_pattern'],
      [{ target_modules: 'layers\\.0\\..*_proj' }, 'is not among the target_modules'],
    ];
    for (const [fields, expected] of cases) {
      changeConfig(fields);
      expect(await refusal()).toContain(expected);
    }
  });

  it('names matrices that are missing, foreign or mis-shaped', async () => {
    await rename((name) => (name.includes('layers.1.mlp.up_proj.lora_B') ? undefined : name));
    expect(await refusal()).toContain('lacks layers.1.mlp.up_proj.lora_B');
    await rename((name) => name.replace('layers.2', 'layers.7'));
    expect(await refusal()).toContain('layers.7');
    await rename((name) => name.replace('lora_A', 'lora_embedding_A'));
    expect(await refusal()).toContain('is not a LoRA matrix');
    cpSync(fixture, folder, { recursive: true });
    changeConfig({ r: 4 });
    expect(await refusal()).toContain('[8, 64], where the model and r = 4 ask for [4, 64]');
    changeConfig({ target_modules: ['q_proj'] });
    expect(await refusal()).toContain('is not among the target_modules');
  });

  it('says what a folder lacks', async () => {
    rmSync(weightsPath);
    expect(await refusal()).toContain('has no adapter_model.safetensors');
    writeFileSync(join(folder, 'adapter_model.bin'), '');
    expect(await refusal()).toContain('save it again');
    rmSync(folder, { recursive: true });
    expect(await refusal()).toContain('is not a folder');
  });
});

describe('writeAdapter', () => {
  it('writes the bytes that PEFT writes, and a configuration with its values', async () => {
    const adapter = await readAdapter(fixture, model);
    const target = join(root, 'written');
    await writeAdapter(target, { ...adapter, baseModel: 'Qwen/Qwen2.5-0.5B' });
    expect(readdirSync(target).sort()).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
    const bytes = readFileSync(join(target, 'adapter_model.safetensors'));
    expect(bytes.equals(readFileSync(join(fixture, 'adapter_model.safetensors')))).toBe(true);
    const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const written = read(join(target, 'adapter_config.json'));
    const reference = read(join(fixture, 'adapter_config.json'));
    expect(reference).toMatchObject({ ...written, base_model_name_or_path: null });
    expect(written.base_model_name_or_path).toBe('Qwen/Qwen2.5-0.5B');
    expect(await readAdapter(target, model)).toEqual({ ...adapter, baseModel: 'Qwen/Qwen2.5-0.5B' });
  });

  it('leaves no old configuration beside new matrices when it fails', async () => {
    const adapter = await readAdapter(fixture, model);
    const broken = new Map(adapter.tensors).set('layers.0.mlp.up_proj.lora_A', {
      shape: [3],
      data: new Float32Array(2),
    });
    const config = { ...adapter.config, alpha: 99 };
    await expect(writeAdapter(folder, { config, tensors: broken, baseModel: 'x' })).rejects.toThrow('2 values');
    expect(readdirSync(folder)).toEqual(['adapter_model.safetensors']);
  });
});
