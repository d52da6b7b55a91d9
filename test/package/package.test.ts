/**
 * The package as another project has it: packed, installed from the registry alone with all install scripts, imported,
 * type-checked, and run on the oldest and the newest Node.js that it promises to work on.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute, newProject, registryAnswers } from './scratch-project.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const OLDEST_NODE = '20.11.1';
const NEWEST_NODE = '26';

const scratch = mkdtempSync(join(tmpdir(), 'package-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Packed {
  filename: string;
  size: number;
  files: { path: string }[];
}
let packed: Packed;
beforeAll(async () => {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch];
  [packed] = JSON.parse(await execute('npm', args, ROOT)) as [Packed];
});

describe('the tarball', () => {
  it('holds the library with its types, the command, the sample data and the documents', () => {
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        ...['dist/lib/index.js', 'dist/lib/index.d.ts', 'dist/cli/main.js', 'bin/llm-embedding.mjs'],
        ...['data/sample-corpus.jsonl.gz', 'data/sample-base/model.safetensors', 'data/sample-encoder/tokenizer.json'],
        ...['scripts/setup.mjs', 'scripts/setup/skip-cuda-download.mjs', 'dist/scripts/setup-gpu/index.js'],
        ...['README.md', 'LICENSE', 'CHANGELOG.md', 'docs/metrics.md'],
      ]),
    );
    expect(
      paths.filter((path) =>
        /^(test|bench|checkpoints|data\/cache|docs\/api|docs\/notebooks)\/|\.tsbuildinfo$/.test(path),
      ),
    ).toEqual([]);
    expect(packed.size).toBeLessThan(25e6);
  });

  it('needs nothing but what a registry has', () => {
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const elsewhere = Object.entries({ ...dependencies, ...optionalDependencies }).filter(
      ([name, version]) => name === 'llm-embedding' || !/^[~^]?\d+\.\d+\.\d+(-[\w.-]+)?$/.test(version as string),
    );
    expect(elsewhere).toEqual([]);
  });
});

describe.skipIf(!(await registryAnswers()))('installed in another project (needs a package registry)', () => {
  const project = join(scratch, 'project');
  const nodes = new Map([OLDEST_NODE, NEWEST_NODE].map((version) => [version, join(scratch, `node-${version}`)]));
  beforeAll(async () => {
    await Promise.all([
      newProject(project, [join(scratch, packed.filename)]),
      ...[...nodes].map(([version, folder]) => newProject(folder, [`node@${version}`])),
    ]);
    writeFileSync(join(project, 'texts.txt'), 'waves on a black hole\nproteins fold\n');
  }, 600_000);

  it('has what runs ONNX on a processor, without the download of CUDA libraries', () => {
    const folder = join(project, 'node_modules/onnxruntime-node');
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(version).toBe(dependencies['onnxruntime-node']);
    const libraries = readdirSync(join(folder, 'bin'), { recursive: true, encoding: 'utf8' });
    expect(libraries.some((name) => name.endsWith('onnxruntime_binding.node'))).toBe(true);
    expect(libraries.filter((name) => /cuda|tensorrt/.test(name))).toEqual([]);
    expect(existsSync(join(project, 'node_modules/@huggingface/transformers/node_modules/onnxruntime-node'))).toBe(
      false,
    );
  });

  it('type-checks in a strict project; what is wrong with types is in packages that it depends on', async () => {
    const strict = { strict: true, noEmit: true, module: 'NodeNext', target: 'ES2022', skipLibCheck: false };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: strict, files: ['use.ts'] }));
    writeFileSync(
      join(project, 'use.ts'),
      `import { type Config, resolveConfig } from 'llm-embedding';
const config: Config = resolveConfig({ preset: 'sample', settings: ['seed=3'] });
export const seed: number = config.seed;
// @ts-expect-error: the seed is a number
export const wrong: string = config.seed;
`,
    );
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    const errors = await execute(process.execPath, [compiler, '-p', '.'], project).then(
      () => [],
      (error: { stdout: string }) => error.stdout.trim().split('\n'),
    );
    const own = errors.filter((line) => /^(use\.ts|node_modules\/llm-embedding\/)/.test(line));
    expect(own).toEqual([]);
  }, 120_000);

  it('is a command that npx finds', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect((await execute('npx', ['--no', '--', 'llm-embedding', '--version'], project)).trim()).toBe(version);
  });

  it.each([...nodes.keys()])(
    'embeds and reads the sample corpus on Node.js %s',
    async (version) => {
      const node = join(nodes.get(version)!, 'node_modules/node/bin/node');
      expect(await execute(node, ['--version'], project)).toMatch(new RegExp(`^v${version}[.\\s]`));
      writeFileSync(
        join(project, 'use.mjs'),
        `import { loadDataset, resolveConfig } from 'llm-embedding';
const dataset = await loadDataset(resolveConfig({ preset: 'sample' }));
console.log(dataset.papers.length);\n`,
      );
      expect(Number(await execute(node, ['use.mjs'], project))).toBe(2470);
      const command = join(project, 'node_modules/llm-embedding/bin/llm-embedding.mjs');
      const args = ['encode', '--engine', 'onnx', '--input', 'texts.txt', '--output', `${version}.npy`, '--json'];
      expect(JSON.parse(await execute(node, [command, ...args], project))).toMatchObject({ texts: 2, dimensions: 384 });
      // the same bytes on every version
      expect(readFileSync(join(project, `${version}.npy`))).toEqual(readFileSync(join(project, `${OLDEST_NODE}.npy`)));
    },
    120_000,
  );
});
