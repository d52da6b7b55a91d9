/** The set-up of TensorFlow on machines where something is wrong: one message each, and what worked goes on working. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { explainDiskErrors, SetupFailure } from '../../scripts/setup-gpu/failure.js';
import { checkGpu, checkMachine, isOlder, thisMachine } from '../../scripts/setup-gpu/machine.js';
import { type SetupOptions, setUp } from '../../scripts/setup-gpu/setup.js';
import { unpack } from '../../scripts/setup-gpu/unpack.js';
import { CPU_WHEELS, CUDA_WHEELS, fileName, type Wheel } from '../../scripts/setup-gpu/wheels.js';
import { makeWheel, type PackageIndex, startPackageIndex, zip } from './package-index.js';

const runs = (...[program, ...args]: [string, ...string[]]): boolean => spawnSync(program, args).status === 0;
/** The faults are tried with the real tools. */
const WITH_TOOLS = runs('python3', '-m', 'pip', '--version') && runs('g++', '--version');

const library = makeWheel('tensorflow-cpu', '0.0.1', {
  'tensorflow/libtensorflow_cc.so.2': 'no library',
  'tensorflow/python/left-out.py': 'left out',
});
library.wheel.wanted = /^tensorflow\/lib/;
const cuda = makeWheel('nvidia-cublas-cu12', '0.0.2', { 'nvidia/cublas/lib/libcublas.so.12': 'x'.repeat(200_000) });

describe.skipIf(!WITH_TOOLS)('the set-up with faults (needs pip and g++)', () => {
  let index: PackageIndex;
  let root: string;
  let said: string[];
  beforeAll(async () => {
    index = await startPackageIndex([library, cuda]);
  });
  afterAll(() => index.close());
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'setup-gpu-'));
    said = [];
    index.fetched.length = 0;
    vi.stubEnv('PIP_INDEX_URL', index.url);
    vi.stubEnv('PIP_FIND_LINKS', '');
    vi.stubEnv('PIP_RETRIES', '0');
    vi.stubEnv('PIP_CONFIG_FILE', '/dev/null');
    // a build that an earlier set-up left in use
    mkdirSync(join(root, 'cpu-0.0.0'));
    writeFileSync(join(root, 'cpu-0.0.0/installation.json'), '{"kind":"cpu"}');
    writeFileSync(join(root, 'current.json'), '{"build":"cpu-0.0.0"}');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(root, { recursive: true, force: true });
  });

  /** The message of the failure; what was in use before must still be, and nothing half done may be left. */
  async function failure(wheels: Wheel[], options: Partial<SetupOptions> = {}): Promise<string> {
    const error: unknown = await setUp({
      kind: 'cpu',
      wheels,
      root,
      gpu: null,
      say: (line) => said.push(line),
      confirm: async () => false,
      ...options,
    }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(SetupFailure);
    const { message } = error as Error;
    expect(message).not.toContain('\n');
    expect(JSON.parse(readFileSync(join(root, 'current.json'), 'utf8'))).toEqual({ build: 'cpu-0.0.0' });
    expect(readdirSync(root).filter((name) => name !== 'downloads')).toEqual(['cpu-0.0.0', 'current.json']);
    return message;
  }
  const downloaded = (): string[] => (existsSync(join(root, 'downloads')) ? readdirSync(join(root, 'downloads')) : []);

  it('a wheel with another hash', async () => {
    const wheel = { ...library.wheel, sha256: 'ab'.repeat(32) };
    const message = await failure([wheel]);
    expect(message).toContain(
      `tensorflow-cpu 0.0.1 came with the hash ${library.wheel.sha256}, expected ${wheel.sha256}`,
    );
    expect(message).toMatch(/PIP_INDEX_URL/);
    expect(downloaded()).toEqual([]);
  });

  it('a finished download that was damaged since', async () => {
    mkdirSync(join(root, 'downloads'));
    writeFileSync(join(root, 'downloads', fileName(library.wheel)), Buffer.alloc(library.wheel.size));
    expect(await failure([library.wheel])).toMatch(/was damaged, and is removed; run it again/);
    expect(downloaded()).toEqual([]);
  });

  it('no pip, or one that does not run', async () => {
    vi.stubEnv('PIP', '/nonexistent/pip');
    expect(await failure([library.wheel])).toMatch(/PIP is set to "\/nonexistent\/pip", which does not run/);
    vi.stubEnv('PIP', undefined);
    vi.stubEnv('CXX', '/usr/bin/g++');
    vi.stubEnv('PATH', '/nonexistent');
    expect(await failure([library.wheel])).toMatch(/pip is missing.*apt-get install -y python3-pip/);
    expect(index.fetched).toEqual([]);
  });

  it('no compiler, before anything is fetched', async () => {
    vi.stubEnv('CXX', 'g++-of-another-world');
    expect(await failure([library.wheel])).toMatch(
      /compiler g\+\+-of-another-world does not run.*apt-get install -y g\+\+/,
    );
    expect(index.fetched).toEqual([]);
  });

  it('a connection that breaks: the next attempt fetches only what is missing', async () => {
    const wheels = [library.wheel, cuda.wheel];
    index.breaking.add(fileName(cuda.wheel));
    const message = await failure(wheels);
    index.breaking.clear();
    expect(message).toMatch(/^nvidia-cublas-cu12 0\.0\.2 .*run it again.*finished downloads are kept/);
    expect(downloaded()).toEqual([fileName(library.wheel)]);
    index.fetched.length = 0;
    // goes on to the build, which has nothing to build with
    expect(await failure(wheels)).toMatch(/does not compile/);
    expect(index.fetched).toEqual([fileName(cuda.wheel)]);
  });

  it('an index without the wheel, or no index', async () => {
    const other = { ...library.wheel, version: '9.9.9' };
    expect(await failure([other])).toMatch(/the package index has no tensorflow-cpu 9\.9\.9/);
    // nothing listens on port 9
    vi.stubEnv('PIP_INDEX_URL', 'http://127.0.0.1:9/simple');
    vi.stubEnv('PIP_RETRIES', '1');
    expect(await failure([library.wheel])).toMatch(/could not be fetched.*check the network/);
  });

  it('a disk without room, before anything is fetched', async () => {
    const huge = { ...library.wheel, unpackedSize: 1e18 };
    expect(await failure([huge])).toMatch(/has [\d.]+ [MG]B free, the set-up takes 1000000000\.0 GB/);
    expect(index.fetched).toEqual([]);
  });

  it('more than 2 GB that nobody agreed to', async () => {
    const questions: string[] = [];
    const large = { ...library.wheel, size: 3e9 };
    const confirm = async (question: string): Promise<boolean> => questions.push(question) < 0;
    expect(await failure([large], { confirm })).toMatch(/3\.0 GB were not fetched: --yes agrees/);
    expect(questions).toEqual(['Fetch 3.0 GB?']);
    expect(index.fetched).toEqual([]);
  });

  it('a library that the binding does not build with', async () => {
    expect(await failure([library.wheel])).toMatch(
      /the binding does not compile with g\+\+ \(.+\): use g\+\+ 9 or later/,
    );
    expect(said).toContain('building the binding');
    // the next attempt has nothing to fetch
    expect(downloaded()).toEqual([fileName(library.wheel)]);
  });

  it('clears away what an ended set-up left, and not what a running one works on', async () => {
    const { pid } = spawnSync('true');
    mkdirSync(join(root, `incomplete-${pid}`));
    vi.stubEnv('CXX', 'g++-of-another-world');
    await failure([library.wheel]);
    const running = join(root, `incomplete-${process.ppid}`);
    mkdirSync(running);
    await expect(failure([library.wheel])).rejects.toThrow();
    expect(existsSync(running)).toBe(true);
  });
});

describe('a wheel', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unpack-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is unpacked as far as it is wanted, and nowhere else', async () => {
    const file = join(folder, 'good.whl');
    writeFileSync(file, library.content);
    expect(await unpack(file, join(folder, 'out'), /^tensorflow\/lib/)).toBe(1);
    expect(readdirSync(join(folder, 'out/tensorflow'))).toEqual(['libtensorflow_cc.so.2']);
    expect(readFileSync(join(folder, 'out/tensorflow/libtensorflow_cc.so.2'), 'utf8')).toBe('no library');
    await expect(unpack(file, join(folder, 'out'), /^numpy\//)).rejects.toThrow(/none of the files that are needed/);
  });

  it('cannot write outside of its folder', async () => {
    const file = join(folder, 'evil.whl');
    writeFileSync(file, zip({ '../escaped.txt': 'x' }));
    await expect(unpack(file, join(folder, 'out'), /escaped/)).rejects.toThrow(/invalid relative path/);
    expect(existsSync(join(folder, 'escaped.txt'))).toBe(false);
  });

  it('of the pinned ones has a name that says what it is, and its files', () => {
    expect(fileName(CPU_WHEELS[0]!)).toBe('tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl');
    const [tensorflow, ...libraries] = CUDA_WHEELS;
    expect(tensorflow?.wanted.test('tensorflow/libtensorflow_cc.so.2')).toBe(true);
    expect(tensorflow?.wanted.test('tensorflow/include/tensorflow/c/c_api.h')).toBe(true);
    expect(tensorflow?.wanted.test('tensorflow/python/_pywrap_tfe.so')).toBe(false);
    for (const { wanted, sha256, size } of libraries) {
      expect(wanted.test('nvidia/cublas/lib/libcublasLt.so.12')).toBe(true);
      expect(wanted.test('nvidia/cuda_nvrtc/lib/libnvrtc-builtins.so.12.9')).toBe(true);
      expect(wanted.test('nvidia/cusolver/lib/libcusolverMg.so.11')).toBe(false);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(size).toBeGreaterThan(1e6);
    }
    expect(new Set(CUDA_WHEELS.map(({ sha256 }) => sha256)).size).toBe(CUDA_WHEELS.length);
  });
});

describe('a machine', () => {
  const gpu = { name: 'GPU', memory: 1, freeMemory: 1, driver: '550.54.15', computeCapability: '9.0' };

  it('that runs this test is understood', () => {
    const { platform, architecture, glibc } = thisMachine();
    expect([platform, architecture]).toEqual([process.platform, process.arch]);
    if (platform === 'linux' && glibc !== undefined) expect(glibc).toMatch(/^\d+\.\d+/);
  });

  it('too old or foreign for TensorFlow is refused by name', () => {
    const linux = { platform: 'linux', architecture: 'x64', glibc: '2.36' };
    expect(() => checkMachine(linux)).not.toThrow();
    expect(() => checkMachine({ ...linux, glibc: '2.17' })).toThrow(/glibc 2\.17, TensorFlow needs 2\.27/);
    expect(() => checkMachine({ ...linux, glibc: undefined })).toThrow(/Alpine/);
    expect(() => checkMachine({ ...linux, platform: 'darwin' })).toThrow(/this machine is darwin/);
    expect(() => checkMachine({ ...linux, architecture: 'arm64' })).toThrow(/arm64/);
    expect(() => checkGpu(gpu)).not.toThrow();
    expect(() => checkGpu({ ...gpu, driver: '470.82.01' })).toThrow(/driver is 470\.82\.01, CUDA 12 needs 525/);
    expect(() => checkGpu({ ...gpu, computeCapability: '3.5' })).toThrow(/compute capability 3\.5/);
  });

  it('has versions that compare by their numbers', () => {
    expect(isOlder('2.9', '2.27')).toBe(true);
    expect(isOlder('525.60.13', '525.60.13')).toBe(false);
    expect(isOlder('525.60', '525.60.13')).toBe(true);
    expect(isOlder('550.54.15', '525.60.13')).toBe(false);
  });

  it('with a full or read-only disk gets a message for it', () => {
    const explain = (code: string) => explainDiskErrors(Object.assign(new Error('x'), { code }), '/data');
    expect(explain('ENOSPC')).toMatchObject({ message: expect.stringMatching(/disk of \/data is full/) });
    expect(explain('EROFS')).toMatchObject({ message: expect.stringMatching(/LLM_EMBEDDING_TENSORFLOW/) });
    const other = new Error('other');
    expect(explainDiskErrors(other, '/data')).toBe(other);
  });
});
