/** Help, usage errors and settings, as a user meets them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { complaint, filesIn, llmEmbedding, llmEmbeddingProcess, workFolder } from './command-line.js';

const cwd = workFolder();
const RUNS = ['list', 'show', 'compare', 'rename', 'remove'].map((name) => `runs ${name}`);
const COMMANDS =
  'run fetch tokens batches train encode evaluate metrics mine ablate search serve pretrain doctor'.split(' ');

describe('help', () => {
  it('lists every command', async () => {
    const { code, stdout, stderr } = await llmEmbeddingProcess(['--help'], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
  });

  it.each([...COMMANDS, 'runs', 'merge', 'status', 'resume', 'sweep', 'lr-find', 'export', 'push', 'pull', ...RUNS])(
    'of %s has two examples, which can be parsed',
    async (name) => {
      const { code, stdout, stderr } = await llmEmbedding([...name.split(' '), '--help'], { cwd });
      expect([code, stderr]).toEqual([0, '']);
      const examples = [...stdout.matchAll(/^ {2}llm-embedding (.*)$/gm)].map(([, line]) => line as string);
      expect(examples.length).toBeGreaterThanOrEqual(2);
      for (const example of examples) {
        expect(example.startsWith(name)).toBe(true);
        const words = [...example.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
        const options = words.filter((word) => word.startsWith('--'));
        for (const option of options) expect(stdout, example).toMatch(new RegExp(`^  ${option}\\b`, 'm'));
        const settings = words.filter((_, i) => words[i - 1] === '--set');
        expect(() => resolveConfig({ settings }), example).not.toThrow();
      }
      expect(stdout).not.toMatch(/default: (undefined|false|\)|[\d,]*\d,\d{3})/);
      for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    },
  );

  it.each(COMMANDS)('of %s tells the options of all commands that matter there, and all are taken', async (command) => {
    const { stdout } = await llmEmbedding([command, '--help'], { cwd });
    for (const option of ['--config', '--set', '--json']) expect(stdout).toContain(option);
    const all = ['--preset', 'sample', '--seed', '1', '--engine', 'auto', '--json', '--help'];
    expect((await llmEmbedding([command, ...all], { cwd })).code).toBe(0);
  });

  it('marks what is required, names defaults, and lists settings', async () => {
    const flat = async (command: string): Promise<string> =>
      (await llmEmbedding([command, '--help'], { cwd })).stdout.replace(/\s+/g, ' ');
    expect(await flat('encode')).toMatch(/--input <file> one text per line.*?\(required\) --output/);
    expect(await flat('metrics')).toMatch(/--qrels <file> judgements.*?\(required\)/);
    expect(await flat('metrics')).not.toMatch(/--engine|--preset/);
    expect(await flat('train')).toMatch(
      /training\.temperature infonce, gist: cosine.*?\(default: 0\.05\).*batches\.pairs .*?\(default: 128\)/,
    );
    expect(await flat('train')).toMatch(/--seed <n> .*?\(default: 42\).*--engine <name> .*?\(default: auto\)/);
  });
});

describe('usage errors exit with 2', () => {
  it('in a process of its own, with nothing on standard output', async () => {
    const unknown = await llmEmbeddingProcess(['trian'], { cwd });
    const wrong = await llmEmbeddingProcess(['tokens', '--seed', 'x', '--json'], { cwd });
    expect([unknown.code, wrong.code]).toEqual([2, 2]);
    expect([unknown.stdout, wrong.stdout]).toEqual(['', '']);
    expect(complaint(unknown)).toContain('unknown command "trian"');
    expect(complaint(wrong)).toContain('seed = "x"');
  });

  it('what they quote is made visible', async () => {
    for (const args of [
      ['tokens', '--\u001b]52;c;QQ==\u0007'],
      ['\u202ereversed'],
      ['tokens', '--seed', '\u001b[2J'],
    ]) {
      const { code, stderr } = await llmEmbedding(args, { cwd });
      expect(code).toBe(2);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      expect(stderr).not.toMatch(/[\u001b\u0007\u202e]/);
      expect(stderr).toMatch(/␛|<U\+202E>|\\u001b/);
    }
  });

  it.each([
    ['trian', 'unknown command "trian"; did you mean "train"?'],
    ['zzz', 'unknown command "zzz"; llm-embedding --help lists the commands'],
    ['tokens --dtaa sample', 'unknown option --dtaa; did you mean "--data"?'],
    ['run --zzzzzz', 'unknown option --zzzzzz; llm-embedding run --help lists the options'],
    ['train --lr 3e-4', 'unknown option --lr: a setting, use --set training.learningRate=3e-4'],
    ['train --learning-rate=1e-4', 'unknown option --learning-rate: a setting, use --set training.learningRate=1e-4'],
    ['train --epochs 2', 'unknown option --epochs: a setting, use --set training.epochs=2'],
    ['run --batch-size 32', 'unknown option --batch-size: a setting, use --set batches.pairs=32'],
    ['run --batch_size 32', 'unknown option --batch_size: a setting, use --set batches.pairs=32'],
    ['sweep --lora-r', 'unknown option --lora-r: a setting, use --set encoder.lora.rank=…'],
    ['run --rank 8', 'unknown option --rank: a setting, use --set encoder.lora.rank=8'],
    ['train --maxSteps 8', 'unknown option --maxSteps: a setting, use --set training.maxSteps=8'],
    ['run --k1 1.2', 'unknown option --k1: a setting, use --set evaluation.bm25.k1=1.2'],
    ['train --model-name x', 'unknown option --model-name: expected --model, see llm-embedding train --help'],
    ['train --output x', 'unknown option --output: expected --out, see llm-embedding train --help'],
    ['encode --output-dir x', 'unknown option --output-dir: expected --output, see llm-embedding encode --help'],
    ['run --device cuda', 'unknown option --device: expected --engine, see llm-embedding run --help'],
    ['search --top-k 3', 'unknown option --top-k: expected --k, see llm-embedding search --help'],
    ['runs show', 'no run is given: expected its name or folder; llm-embedding runs show --help lists the options'],
    [
      'encode --input texts.txt',
      '--output is required: .safetensors (tensor "embeddings" [n, d]) or .npy; llm-embedding encode --help lists the options',
    ],
    [
      'run --out',
      '--out has no value: expected the run folder (default: checkpoints/ with the name, or checkpoints/run); llm-embedding run --help lists the options',
    ],
    [
      'tokens a',
      'too many arguments: llm-embedding tokens takes none, and there is "a" too; llm-embedding tokens --help lists the options',
    ],
    [
      'runs rename a b c',
      'too many arguments: llm-embedding runs rename takes two, and there is "c" too; llm-embedding runs rename --help lists the options',
    ],
  ])('%s', async (line, message) => {
    const outcome = await llmEmbedding(line.split(' '), { cwd });
    expect(outcome).toEqual({ code: 2, stdout: '', stderr: `llm-embedding: ${message}\n` });
  });

  it.each([
    [
      'an unknown setting names the nearest known one',
      ['--set', 'training.lerningRate=1'],
      /did you mean "learningRate"/,
    ],
    ['a setting out of bounds', ['--set', 'training.temperature=-1'], /training\.temperature = -1/],
    ['a setting without a value', ['--set', 'training.epochs'], /path\.to\.key=value/],
    ['an unknown preset', ['--preset', 'smaple'], /unknown preset "smaple".*sample/],
    ['a seed that is no number', ['--seed', 'x'], /seed = "x"/],
    ['an unknown engine', ['--engine', 'cuda'], /engine = "cuda".*onnx/],
    ['an engine that is not set up', ['--engine', 'tensorflow'], /tensorflow.*npm run setup:gpu/],
    ['a missing settings file', ['--config', 'nowhere.json'], /nowhere\.json.*no such file/],
  ])('%s', async (_, args, message) => {
    const outcome = await llmEmbedding(['train', '--out', 'never', ...args], {
      cwd,
      env: { LLM_EMBEDDING_TENSORFLOW: 'no-tensorflow' },
    });
    expect(outcome.code).toBe(2);
    expect(complaint(outcome)).toMatch(message);
    expect(filesIn(cwd)).not.toContain('never');
  });

  it('a settings file that is not JSON, or has an unknown key', async () => {
    writeFileSync(join(cwd, 'broken.json'), '{ "seed": ');
    writeFileSync(join(cwd, 'misspelt.json'), '{ "evaluaton": {} }');
    const broken = await llmEmbedding(['tokens', '--config', 'broken.json'], { cwd });
    const misspelt = await llmEmbedding(['tokens', '--config', 'misspelt.json'], { cwd });
    expect([broken.code, misspelt.code]).toEqual([2, 2]);
    expect(complaint(broken)).toMatch(/broken\.json can't be read as JSON/);
    expect(complaint(misspelt)).toMatch(/unknown setting "evaluaton".*did you mean "evaluation"/);
  });
});

it.each([
  ['standard output', 'stdout', ['metrics', '--help']],
  ['standard error', 'stderr', ['trian']],
] as const)('a reader that closes %s early ends nothing and sees no stack', async (_, closed, args) => {
  const outcome = await llmEmbeddingProcess([...args], { cwd, started: (child) => child[closed]?.destroy() });
  expect(outcome.code).toBe(closed === 'stdout' ? 0 : 2);
  expect(outcome.stdout + outcome.stderr).not.toMatch(/EPIPE|^ +at /m);
});
