/** Help, usage errors and settings, as a user meets them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { complaint, filesIn, llmEmbedding, llmEmbeddingProcess, workFolder } from './command-line.js';

const cwd = workFolder();
const COMMANDS = 'run fetch tokens batches train encode evaluate metrics mine ablate search pretrain doctor'.split(' ');

describe('help', () => {
  it('lists every command', async () => {
    const { code, stdout, stderr } = await llmEmbeddingProcess(['--help'], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
  });

  it.each(COMMANDS)('of %s tells the options that all commands share, with defaults', async (command) => {
    const { code, stdout, stderr } = await llmEmbedding([command, '--help'], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    for (const option of ['--config', '--preset', '--set', '--seed', '--engine', '--json'])
      expect(stdout).toContain(option);
    const flat = stdout.replace(/\s+/g, ' ');
    expect(flat).toContain('(default: 42)');
    expect(flat).toContain('(default: auto)');
    expect(flat).not.toContain('default: undefined');
  });
});

describe('usage errors exit with 2', () => {
  it('in a process of its own, with nothing on standard output', async () => {
    const unknown = await llmEmbeddingProcess(['trian'], { cwd });
    const wrong = await llmEmbeddingProcess(['tokens', '--seed', 'x', '--json'], { cwd });
    expect([unknown.code, wrong.code]).toEqual([2, 2]);
    expect([unknown.stdout, wrong.stdout]).toEqual(['', '']);
    expect(complaint(unknown)).toContain("unknown command 'trian'");
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
    ['an unknown command', ['trian'], /unknown command 'trian'.*\n.*train/],
    ['an unknown option', ['tokens', '--dtaa', 'sample'], /unknown option '--dtaa'.*\n.*--data/],
    ['a missing option', ['encode', '--input', 'texts.txt'], /--output/],
    ['an option without its value', ['tokens', '--data'], /argument missing/],
  ])('%s', async (_, args, message) => {
    const outcome = await llmEmbedding(args, { cwd });
    expect(outcome.code).toBe(2);
    expect(outcome.stdout).toBe('');
    expect(outcome.stderr).toMatch(message);
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
