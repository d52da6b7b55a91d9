/** `encode --shard` and `merge`: the bytes of one process, whatever happens to the shards on the way. */
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../lib/core/random.js';
import {
  complaint,
  filesIn,
  jsonOf,
  llmEmbedding,
  llmEmbeddingProcess,
  type Outcome,
  workFolder,
  writeTinyModel,
} from './command-line.js';

const DRIVE = fileURLToPath(new URL('./unusual-drive.mjs', import.meta.url));
const cwd = workFolder();
const WORDS = 'the field of a black hole decays as its mass grows while waves on curved space scatter weakly'.split(
  ' ',
);
const TEXTS = 300;

beforeAll(async () => {
  await writeTinyModel(join(cwd, 'model'));
  const random = new Random(3, 'texts');
  const lines = Array.from({ length: TEXTS }, (_, i) => ({
    text: Array.from({ length: 1 + random.integer(40) }, () => random.pick(WORDS)).join(' '),
    id: `paper ${i}`,
  }));
  writeFileSync(join(cwd, 'texts.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
});

const command = (output: string, ...rest: string[]): string[] => [
  ...['encode', '--model', join(cwd, 'model'), '--input', 'texts.jsonl', '--output', output],
  ...rest,
];
const encode = (output: string, ...rest: string[]) => llmEmbedding(command(output, ...rest), { cwd });
const merge = (output: string, ...rest: string[]) => llmEmbedding(['merge', `${output}.shards`, ...rest], { cwd });
const bytes = (name: string): Buffer => readFileSync(join(cwd, name));
const shardFile = (output: string, index: number, count: number, ending: string): string => {
  const digits = (value: number): string => String(value).padStart(5, '0');
  return join(cwd, `${output}.shards`, `shard-${digits(index)}-of-${digits(count)}.${ending}`);
};

async function encodeShards(output: string, count: number, ...rest: string[]): Promise<void> {
  for (let index = 0; index < count; index++) {
    const { code, stderr } = await encode(output, '--shard', `${index}/${count}`, ...rest);
    expect(code, stderr).toBe(0);
  }
}

describe('shards, merged', () => {
  it.each([
    ['.safetensors', 1, []],
    ['.safetensors', 3, []],
    ['.npy', 7, ['--dimensions', '8', '--prompt', 'query: ']],
    ['.npy', 2, ['--precision', 'int8']],
    ['.safetensors', 2, ['--precision', 'ubinary', '--normalize', 'false']],
  ])('are the bytes of one process: %s of %i with %j', async (ending, count, options) => {
    const name = `${count}-${options.length}`;
    await encode(`one-${name}${ending}`, ...options);
    await encodeShards(`many-${name}${ending}`, count, ...options);
    const merged = jsonOf<{ texts: number; shards: number }>(await merge(`many-${name}${ending}`, '--json'));
    expect(merged).toMatchObject({ texts: TEXTS, shards: count });
    expect(bytes(`many-${name}${ending}`).equals(bytes(`one-${name}${ending}`))).toBe(true);
    if (options[1] === 'int8') {
      const description = (one: string) => bytes(`${one}-${name}${ending}.json`).toString();
      expect(description('many')).toBe(description('one'));
    }
    const left = filesIn(join(cwd, `many-${name}${ending}.shards`));
    expect(left.every((file) => /^shard-\d{5}-of-\d{5}\.(json|safetensors)$/.test(file))).toBe(true);
    expect(left).toHaveLength(2 * count);
  });

  it('take their number from the environment, and are skipped when they are done', async () => {
    const args = command('auto.npy', '--shard', 'auto/2', '--json');
    const first = await llmEmbedding(args, { cwd, env: { SLURM_ARRAY_TASK_ID: '1' } });
    expect(jsonOf(first)).toMatchObject({ shard: { index: 1, count: 2 }, texts: 128, allTexts: TEXTS, skipped: false });
    const before = readFileSync(shardFile('auto.npy', 1, 2, 'json'), 'utf8');
    const second = await llmEmbedding(args, { cwd, env: { JOB_COMPLETION_INDEX: '1' } });
    expect(jsonOf(second)).toMatchObject({ shard: { index: 1, count: 2 }, skipped: true, tokens: 0 });
    expect(readFileSync(shardFile('auto.npy', 1, 2, 'json'), 'utf8')).toBe(before);
    const unset = await llmEmbedding(args, { cwd });
    expect([unset.code, complaint(unset)]).toEqual([2, expect.stringContaining('neither SLURM_ARRAY_TASK_ID nor')]);
  });
});

describe('damage', () => {
  const made = async (output: string, damage: (file: (ending: string) => string) => void) => {
    await encodeShards(output, 2);
    damage((ending) => shardFile(output, 1, 2, ending));
    const refused = await merge(output);
    expect([refused.code, existsSync(join(cwd, output))]).toEqual([2, false]);
    const again = await encode(output, '--shard', '1/2');
    expect(again.code, again.stderr).toBe(0);
    expect((await merge(output)).code).toBe(0);
    expect(bytes(output).equals(bytes('whole.npy'))).toBe(true);
    return { refused: complaint(refused), again: again.stderr };
  };
  beforeAll(() => encode('whole.npy'));

  it.each<[string, (file: (ending: string) => string) => void, RegExp]>([
    [
      'a byte that changed',
      (file) => {
        const changed = readFileSync(file('safetensors'));
        changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);
        writeFileSync(file('safetensors'), changed);
      },
      /shard-00001-of-00002\.safetensors has another checksum/,
    ],
    ['a file cut short', (file) => truncateSync(file('safetensors'), 900), /safetensors has 900 bytes, not \d+/],
    ['a file that is gone', (file) => rmSync(file('safetensors')), /shard-00001-of-00002\.safetensors is gone/],
    ['a manifest cut short', (file) => truncateSync(file('json'), 30), /shard-00001-of-00002\.json cannot be read/],
  ])('%s is named, and the shard made again', async (what, damage, message) => {
    const { refused, again } = await made(`${what.replaceAll(' ', '-')}.npy`, damage);
    expect(refused).toMatch(message);
    expect(again).toMatch(message);
    expect(again).toMatch(/damaged, and made again/);
  });

  it('a try that ended between the file and its manifest is made good without encoding again', async () => {
    await encodeShards('between.npy', 2);
    const [file, manifest] = ['safetensors', 'json'].map((ending) => shardFile('between.npy', 1, 2, ending));
    rmSync(manifest as string);
    appendFileSync(file as string, 'what another left');
    expect((await encode('between.npy', '--shard', '1/2')).code).toBe(0);
    expect((await merge('between.npy')).code).toBe(0);
    expect(bytes('between.npy').equals(bytes('whole.npy'))).toBe(true);
  });

  it('a manifest of another shard under its name is damaged, and made good', async () => {
    await encodeShards('copied.npy', 2);
    copyFileSync(shardFile('copied.npy', 0, 2, 'json'), shardFile('copied.npy', 1, 2, 'json'));
    expect(complaint(await merge('copied.npy'))).toMatch(
      /damaged: shard-00001-of-00002\.json is that of shard-00000-of-00002/,
    );
    expect((await encode('copied.npy', '--shard', '1/2')).code).toBe(0);
    expect((await merge('copied.npy')).code).toBe(0);
    expect(bytes('copied.npy').equals(bytes('whole.npy'))).toBe(true);
  });

  it('is told together with what is missing and what is of another job, in one line', async () => {
    await encodeShards('mixed.npy', 6);
    for (const index of [1, 2, 4]) rmSync(shardFile('mixed.npy', index, 6, 'json'));
    truncateSync(shardFile('mixed.npy', 3, 6, 'safetensors'), 900);
    await encode('other.npy', '--shard', '4/6', '--prompt', 'query: ');
    await encode('other.npy', '--shard', '4/5');
    for (const [index, count] of [
      [4, 6],
      [4, 5],
    ] as const) {
      for (const ending of ['json', 'safetensors'])
        renameSync(shardFile('other.npy', index, count, ending), shardFile('mixed.npy', index, count, ending));
    }
    const refused = await merge('mixed.npy');
    expect(refused.code).toBe(2);
    expect(complaint(refused)).toMatch(
      /shards 1, 2 of 6 are missing; damaged: shard-00003-of-00006\.safetensors has 900 bytes.*; of another job: shard-00004-of-00006 \(prompt "query: ", not ""\), shard-00004-of-00005 \(of 5, not of 6\)/,
    );
    const foreign = await encode('mixed.npy', '--shard', '4/6');
    expect([foreign.code, complaint(foreign)]).toEqual([2, expect.stringContaining('has a shard of another job')]);
    writeFileSync(
      join(cwd, 'texts-2.jsonl'),
      `${readFileSync(join(cwd, 'texts.jsonl'), 'utf8')}{"text":"one more","id":"another"}\n`,
    );
    const grown = await encode('mixed.npy', '--shard', '0/6', '--input', 'texts-2.jsonl');
    expect([grown.code, complaint(grown)]).toEqual([2, expect.stringMatching(/input [0-9a-f]{8}, not [0-9a-f]{8}/)]);
  });

  it('merge names a folder that is none, and one without shards', async () => {
    mkdirSync(join(cwd, 'empty.shards'));
    expect(complaint(await merge('nowhere'))).toMatch(/nowhere\.shards is no folder/);
    expect(complaint(await merge('empty'))).toMatch(/empty\.shards has no shards: expected/);
  });
});

describe('a shard that is stopped', () => {
  /** Many micro-batches, so that there is time to stop. */
  const slow = ['--set', 'batches.tokenBudget=64', '--shard', '0/2'];
  const rowsOf = (journal: string): number =>
    existsSync(journal)
      ? readFileSync(journal, 'utf8')
          .split('\n')
          .slice(1, -1)
          .flatMap((line) => line.split(' ').slice(1)).length
      : 0;
  beforeAll(() => encode('slow-whole.npy', ...slow.slice(0, 2)));

  async function resumed(output: string, stopped: Outcome): Promise<number> {
    expect(existsSync(shardFile(output, 0, 2, 'json'))).toBe(false);
    const kept = rowsOf(shardFile(output, 0, 2, 'safetensors.partial.journal'));
    expect(kept, stopped.stderr).toBeGreaterThan(0);
    const again = jsonOf<{ resumed: number }>(await encode(output, ...slow, '--json'));
    expect((await encode(output, ...slow.slice(0, 2), '--shard', '1/2')).code).toBe(0);
    expect((await merge(output)).code).toBe(0);
    expect(bytes(output).equals(bytes('slow-whole.npy'))).toBe(true);
    expect(again.resumed).toBe(kept);
    return kept;
  }

  it.each([
    ['SIGTERM', 75],
    ['SIGINT', 75],
    ['SIGKILL', null],
  ] as const)(
    'by %s ends with %s, and resumes to the same bytes',
    async (signal, code) => {
      const output = `${signal}.npy`;
      const journal = shardFile(output, 0, 2, 'safetensors.partial.journal');
      const stopped = await llmEmbeddingProcess(command(output, ...slow), {
        cwd,
        started: (child) => {
          const watch = setInterval(() => {
            if (rowsOf(journal) <= 10) return;
            child.kill(signal);
            clearInterval(watch);
          }, 1);
          child.on('close', () => clearInterval(watch));
        },
      });
      expect(stopped.code, stopped.stderr).toBe(code);
      await resumed(output, stopped);
    },
    30_000,
  );

  it('by a full disk ends with 75, and resumes when there is room', async () => {
    mkdirSync(join(cwd, 'full.npy.shards'));
    const env = {
      NODE_OPTIONS: `--import=${DRIVE}`,
      DRIVE_ROOT: join(cwd, 'full.npy.shards'),
      DRIVE: JSON.stringify({ room: 3001 }),
    };
    const stopped = await llmEmbeddingProcess(command('full.npy', ...slow), { cwd, env });
    expect(stopped.code, stopped.stderr).toBe(75);
    expect(complaint(stopped)).toMatch(/could not write .*ENOSPC.*make room and run the same command again/);
    await resumed('full.npy', stopped);
  }, 30_000);

  it('by what no other try can mend ends as ever', async () => {
    const missing = await encode('none.npy', '--shard', '0/2', '--input', 'nowhere.jsonl');
    expect(missing.code).toBe(2);
  });
});
