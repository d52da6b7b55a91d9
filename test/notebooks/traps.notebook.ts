/** What a reader's own cells do that tslab alone gets wrong, over the Jupyter protocol. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kernelspec } from '../../scripts/notebook/kernelspec.js';
import { type Kernel, startKernel } from './kernel.js';
import { NOTEBOOKS } from './notebook-file.js';
import { textOf } from './small-run.js';

let kernel: Kernel;
const folder = mkdtempSync(join(tmpdir(), 'llm-embedding-traps-'));
beforeAll(async () => {
  // another Node.js, to find out whether the kernel works there
  const spec = kernelspec();
  const node = process.env.KERNEL_NODE;
  kernel = await startKernel(node ? { ...spec, argv: [node, ...spec.argv.slice(1)] } : spec, NOTEBOOKS);
});
afterAll(async () => {
  await kernel?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs cells one after the other, and returns what the last printed. */
async function cells(...codes: string[]): Promise<string> {
  let printed = '';
  for (const code of codes) {
    const result = await kernel.execute(code);
    expect(textOf(result, 'stderr'), code).toBe('');
    expect(result.status).toBe('ok');
    printed = textOf(result, 'stdout').trim();
  }
  return printed;
}

async function failing(code: string): Promise<string> {
  const result = await kernel.execute(code);
  expect(result.status, code).toBe('error');
  return textOf(result, 'stderr').trim();
}

describe('variables of earlier cells', () => {
  it.each([
    ['shorthand', ['const n = 3;', 'const object = { n }; object.n'], '3'],
    ['shorthand in a function', ['const deep = 4;', 'const get = () => ({ deep }); get().deep'], '4'],
    ['renaming', ['const source = { loss: 5 };', 'const { loss: renamed } = source; renamed'], '5'],
    [
      'renaming beside a variable of that name',
      ['const loss = 1;', 'const { loss: mine } = { loss: 6 }; mine + loss'],
      '7',
    ],
    ['nested patterns', ['const tree = { a: { b: [8] } };', 'const { a: { b: [leaf] } } = tree; leaf'], '8'],
    [
      'assignment patterns',
      ['let target = 0; let other = 0;', '({ target, b: other } = { target: 9, b: 1 });', 'target + other'],
      '10',
    ],
    ['defaults of patterns', ['let chosen = 0;', '({ chosen = 11 } = {} as { chosen?: number });', 'chosen'], '11'],
    ['property names', ['const width = 1;', 'const box = { width: 12 }; box.width * width'], '12'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the code of a cell
    ['template strings', ['const word = "a";', '`${word}${`${word}`}`'], 'aa'],
    [
      'imports',
      ["import { join as joined } from 'node:path';", 'const { join: again } = { join: joined }; again("a", "b")'],
      'a/b',
    ],
    [
      'destructured in a cell',
      ['const { first, ...rest } = { first: 1, second: 2 };', '({ first, rest })'],
      '{ first: 1, rest: { second: 2 } }',
    ],
  ])('%s', async (_, codes, expected) => {
    expect(await cells(...codes)).toBe(expected);
  });
});

describe('a function sees what its names mean now', () => {
  it.each([
    [
      'a variable declared beside it',
      ['let rate = 1; function twice() { return 2 * rate; }', 'rate = 5;', 'twice()'],
      '10',
    ],
    [
      'a variable declared again',
      ['const size = 1; const area = () => size * size;', 'const size = 3;', 'area()'],
      '9',
    ],
    [
      'a helper declared again',
      [
        'function helper() { return 1; } function main() { return helper(); }',
        'function helper() { return 2; }',
        'main()',
      ],
      '2',
    ],
    [
      'what it changes itself',
      ['let count = 0; const add = () => { count++; }; add(); add(); count', 'add(); count'],
      '3',
    ],
    [
      'a function called before its line',
      ['const early = later(); function later() { return inner(); } function inner() { return 7; } early'],
      '7',
    ],
    [
      'a class declared again',
      ['class Model { name = "old"; } const make = () => new Model();', 'class Model { name = "new"; }', 'make().name'],
      'new',
    ],
    [
      'a class that names itself',
      ['class Self { static made = 0; static of() { Self.made++; return new Self(); } } Self.of(); Self.made'],
      '1',
    ],
    [
      'loops at the top',
      ['let sum = 0; for (let i = 0; i < 4; i++) sum += i; for (var j = 0; j < 2; j++) sum += j; sum + j'],
      '9',
    ],
    [
      'types and generics',
      ['const pick = <T,>(list: T[], at: number): T => list[at]!; const list = [1, 2]; pick<number>(list, 1)'],
      '2',
    ],
    [
      'recursion',
      ['function factorial(m: number): number { return m < 2 ? 1 : m * factorial(m - 1); } factorial(5)'],
      '120',
    ],
    [
      'await',
      ['let late = 0; const wait = async () => { late = await Promise.resolve(4); };', 'await wait(); late'],
      '4',
    ],
  ])('%s', async (_, codes, expected) => {
    expect(await cells(...codes)).toBe(expected);
  });
});

describe('code from elsewhere', () => {
  it('exports what every cell exports', async () => {
    expect(await cells('export const exported = 1; export function shown() { return exported; }', 'shown()')).toBe('1');
    expect(await cells('const listed = 2; export { listed };', 'listed')).toBe('2');
    expect(await cells('export default 3;')).toBe('3');
  });

  it('has for await at the top', async () => {
    const generator = 'async function* numbers() { yield 1; yield 2; }';
    expect(await cells(generator, 'let total = 0; for await (const value of numbers()) total += value; total')).toBe(
      '3',
    );
  });

  it('keeps types that a newer TypeScript wrote', async () => {
    // as declarations in node_modules have them; of type any, nothing would be said
    const path = join(folder, 'newer.d.ts');
    writeFileSync(
      path,
      'export declare function vector(): Float32Array<ArrayBuffer>; export declare function values(): ArrayIterator<number>; export declare function same<T>(a: T, b: NoInfer<T>): T;',
    );
    writeFileSync(
      join(folder, 'newer.js'),
      'exports.vector = () => new Float32Array(2); exports.values = () => [1].values(); exports.same = (a) => a;',
    );
    await cells(`import { vector, values, same } from '${join(folder, 'newer')}';`);
    for (const value of ['vector()[0]', '[...values()][0]', 'same(1, 2)']) {
      expect(await failing(`const wrong: string = ${value};`)).toMatch(/number.*not assignable to type 'string'/);
    }
  });
});

it('is not disturbed by files that change beside it, such as a rebuilt library', async () => {
  const path = join(folder, 'rebuilt.d.ts');
  writeFileSync(path, 'export declare const before: number;');
  writeFileSync(join(folder, 'rebuilt.js'), 'exports.before = 1; exports.after = 2;');
  await cells(`import { before } from '${join(folder, 'rebuilt')}';`);
  const waiting = kernel.execute('await new Promise((resolve) => setTimeout(resolve, 1500)); before');
  rmSync(path);
  writeFileSync(path, 'export declare const before: number; export declare const after: number;');
  const result = await waiting;
  expect(textOf(result, 'stderr')).toBe('');
  expect(await cells('before + 1')).toBe('2');
});

describe('what goes wrong', () => {
  it('names the cell that was lost', async () => {
    expect(await failing("const gone = 1; throw new Error('no');")).toContain('Error: no');
    expect(await failing('gone + 1')).toContain("'gone' is not there: its cell ended with an error or was stopped");
    expect(await cells('const gone = 1;', 'gone + 1')).toBe('2');
  });

  it('has two lines at most, with the meant name', async () => {
    const message = await failing(`
      interface Long { ${Array.from({ length: 40 }, (_, i) => `property${i}: { nested: number }`).join('; ')} }
      const take = (value: { deep: { deeper: Partial<Long> } }) => value;
      take({ deep: { deeper: { propery7: { nested: 1 } } } });`);
    expect(message.split('\n').length).toBeLessThanOrEqual(2);
    expect(message.length).toBeLessThan(600);
    expect(message).toContain("Did you mean to write 'property");
  });
});

describe('the protocol', () => {
  it('is busy from the first cell of a row to the last, whatever else is asked', async () => {
    const states = kernel.watchStatus();
    const wait = 'await new Promise((resolve) => setTimeout(resolve, 400));';
    const all = [wait, wait, wait].map((code) => kernel.execute(code));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await kernel.complete('Math.', 5);
    await Promise.all(all);
    const { idleMilliseconds } = states.end();
    expect(idleMilliseconds).toBeLessThan(30);
  });

  it('answers for history without a complaint', async () => {
    await cells('const remembered = 1;');
    const history = await kernel.history(2);
    expect(history.at(-1)).toBe('const remembered = 1;');
  });

  it('completes and describes as before', async () => {
    expect(await kernel.complete('remembered.toF', 14)).toContain('toFixed');
    expect(await kernel.inspect('remembered', 4)).toContain('const remembered: 1');
  });
});
