/** What the doctor finds on this machine, and on machines that lack something. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { Interrupted } from '../../lib/core/errors.js';
import type { ProgressEvent } from '../../lib/core/events.js';
import { checkEngines, checkFaiss } from '../../lib/doctor/engines.js';
import { runDoctor } from '../../lib/doctor/index.js';
import { findJupyterLab, PYTHON_ENVIRONMENT } from '../../lib/doctor/jupyter-lab.js';
import { checkDisk, checkGpu, checkMemory, checkNode } from '../../lib/doctor/machine.js';
import { checkSampleCorpus, checkSampleEncoder } from '../../lib/doctor/sample-data.js';
import { describeStepSpeed } from '../../lib/doctor/step-speed.js';
import { checkHub, checkJupyter, checkKernel, checkOpenAi } from '../../lib/doctor/surroundings.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'doctor-test-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

beforeEach(() => {
  vi.stubEnv('HF_HUB_OFFLINE', '1');
  vi.stubEnv('OPENAI_API_KEY', '');
  // whatever this machine has set up
  vi.stubEnv('LLM_EMBEDDING_TENSORFLOW', join(scratch, 'no-tensorflow'));
});
afterEach(() => vi.unstubAllEnvs());

/** A program of the given name, first on the path, that prints the text. */
function installProgram(name: string, output: string): void {
  const folder = mkdtempSync(join(scratch, 'bin-'));
  writeFileSync(join(folder, name), `#!/bin/sh\nprintf '%s\\n' '${output}'\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
}

describe('describeStepSpeed', () => {
  const int8 = { name: 'int8', flags: '--set precision=int8' };
  const bfloat16 = { name: 'bfloat16 in TensorFlow', flags: '--engine tensorflow' };
  it('names the precision that is fastest, and float32 where none is worth it', () => {
    expect(describeStepSpeed(0.5, [{ ...int8, seconds: 0.25 }])).toBe(
      '0.50 s a layer of Qwen2.5-0.5B in float32, 2.0x as fast in int8: for large models --set precision=int8, if the calibration finds that it suits them',
    );
    expect(
      describeStepSpeed(0.5, [
        { ...int8, seconds: 0.25 },
        { ...bfloat16, seconds: 0.2 },
      ]),
    ).toMatch(/, 2\.5x as fast in bfloat16 in TensorFlow: for large models --engine tensorflow$/);
    expect(describeStepSpeed(0.5, [{ ...int8, seconds: 0.45 }])).toMatch(
      /1\.1x as fast in int8: float32, the default, /,
    );
    expect(describeStepSpeed(0.5, [{ ...int8, seconds: 'it rounds' }])).toBe(
      '0.50 s a layer of Qwen2.5-0.5B in float32, int8 does not run (it rounds): float32, the default, is the precision to take here',
    );
  });
});

describe('runDoctor', () => {
  it('finds that the default experiment works here, and reports as it goes', async () => {
    const events: ProgressEvent[] = [];
    const report = await runDoctor(resolveConfig(), { onProgress: (event) => events.push(event) });
    expect(report.works).toBe(true);
    const status = new Map(report.checks.map((check) => [check.name, check.status]));
    expect(status.size).toBe(report.checks.length);
    for (const needed of ['Node.js', 'engine onnx', 'engine wasm', 'sample encoder', 'sample corpus', 'disk']) {
      expect([needed, status.get(needed)]).toEqual([needed, 'ok']);
    }
    // the encoder that "npm run experiment" fine-tunes
    const encoder = report.checks.find(({ name }) => name === 'sample encoder');
    expect(encoder?.detail).toMatch(/^sample-base: /);
    expect(status.get('engine tensorflow')).toBe('optional');
    const step = report.checks.find(({ name }) => name === 'training step');
    expect(step?.detail).toMatch(
      /^\d\.\d\d s a layer of Qwen2\.5-0\.5B in float32, (\d\.\dx as fast in int8|int8 does not run \(.*\)): /,
    );
    expect(status.get('OpenAI key')).toBe('optional');
    for (const { detail, fix } of report.checks) expect(`${detail}${fix ?? ''}`).not.toContain('\n');
    expect(events.at(-1)).toMatchObject({ done: events.at(-1)?.total });
  });

  it('ends when asked to', async () => {
    await expect(runDoctor(resolveConfig(), { signal: AbortSignal.abort() })).rejects.toThrow(Interrupted);
  });

  it('says that an engine which is not set up is missing where the configuration asks for it', async () => {
    const report = await runDoctor(resolveConfig({ settings: ['engine=tensorflow'] }));
    expect(report.works).toBe(false);
    const missing = report.checks.filter(({ status }) => status === 'missing');
    expect(missing).toMatchObject([{ name: 'engine tensorflow', fix: expect.stringMatching(/npm run setup:gpu/) }]);
  });

  it('finds a build of TensorFlow that does not load', async () => {
    const root = process.env.LLM_EMBEDDING_TENSORFLOW as string;
    mkdirSync(join(root, 'cpu-0'), { recursive: true });
    writeFileSync(join(root, 'current.json'), '{"build":"cpu-0"}');
    writeFileSync(join(root, 'cpu-0/installation.json'), '{"kind":"cpu"}');
    writeFileSync(join(root, 'cpu-0/tfjs_binding.node'), 'not a library');
    const checks = await checkEngines(resolveConfig());
    rmSync(root, { recursive: true });
    expect(checks.find(({ name }) => name === 'engine tensorflow')).toMatchObject({
      status: 'optional',
      detail: expect.stringMatching(/does not run: .*(not load|invalid ELF|file too short)/),
    });
  });
});

describe('the machine', () => {
  it.each([
    ['v18.20.4', 'missing'],
    ['v20.10.9', 'missing'],
    ['v20.11.0', 'ok'],
    ['v22.0.0', 'ok'],
    ['v100.2.3', 'ok'],
  ])('Node.js %s is %s', (version, status) => {
    expect(checkNode(version)).toMatchObject({ status });
  });

  it('has memory and disk in plausible amounts, also for a folder that is yet to be made', async () => {
    const [, free, total] = /^([\d.]+) GB free of ([\d.]+) GB$/.exec(checkMemory().detail) ?? [];
    expect(Number(free)).toBeGreaterThan(0);
    expect(Number(total)).toBeGreaterThanOrEqual(Number(free));
    const here = await checkDisk(scratch);
    const below = await checkDisk(join(scratch, 'not', 'yet', 'made'));
    expect(below.detail.split(' in ')[1]).toBe(scratch);
    expect(here.status).toBe('ok');
    expect(below.status).toBe('ok');
  });

  it('names the GPUs that the driver names, and none where there is no driver', async () => {
    vi.stubEnv('PATH', scratch);
    expect(await checkGpu()).toMatchObject({ status: 'optional', fix: null });
    vi.unstubAllEnvs();
    installProgram('nvidia-smi', 'NVIDIA L4, 23034 MiB');
    const found = await checkGpu();
    expect(found.status).toBe('ok');
    expect(found.detail).toContain('NVIDIA L4, 23034 MiB');
  });
});

describe('engines and search', () => {
  it('computes on the engine, with the threads of the configuration', async () => {
    const [onnx] = await checkEngines(resolveConfig({ settings: ['threads=1'] }));
    expect(onnx).toMatchObject({ name: 'engine onnx', status: 'ok' });
    expect(onnx?.detail).toContain('1 thread');
  });

  it('does without FAISS', async () => {
    vi.stubEnv('LLM_EMBEDDING_FAISS_PACKAGE', 'no-such-package');
    const faiss = await checkFaiss();
    expect(faiss).toMatchObject({ status: 'optional', fix: 'npm run setup' });
    expect(faiss.detail).toMatch(/no-such-package.*engine searches exactly/);
  });
});

describe('what comes with the package', () => {
  const sample = join(root, 'data/sample-encoder');
  function copyOfEncoder(files: string[]): string {
    const folder = mkdtempSync(join(scratch, 'encoder-'));
    for (const file of files) copyFileSync(join(sample, file), join(folder, file));
    return folder;
  }

  it('names the files that the encoder lacks', async () => {
    const check = await checkSampleEncoder(copyOfEncoder(['config.json', 'tokenizer.json']));
    expect(check).toMatchObject({ status: 'missing' });
    expect(check.detail).toContain('lacks model.safetensors');
  });

  it('finds truncated weights', async () => {
    const folder = copyOfEncoder(['config.json', 'tokenizer.json']);
    const whole = readFileSync(join(sample, 'model.safetensors'));
    writeFileSync(join(folder, 'model.safetensors'), whole.subarray(0, whole.length / 2));
    expect(await checkSampleEncoder(folder)).toMatchObject({ status: 'missing' });
  });

  it('finds a corpus that is absent, empty or not a corpus', async () => {
    expect(await checkSampleCorpus(join(scratch, 'absent.jsonl'))).toMatchObject({ status: 'missing' });
    const empty = join(scratch, 'empty.jsonl');
    writeFileSync(empty, '');
    expect(await checkSampleCorpus(empty)).toMatchObject({ status: 'missing' });
    const pointer = join(scratch, 'pointer.jsonl');
    writeFileSync(pointer, 'version https://git-lfs.github.com/spec/v1\n');
    const check = await checkSampleCorpus(pointer);
    expect(check.status).toBe('missing');
    expect(check.detail).toContain('is a pointer of Git LFS');
  });
});

describe('surroundings', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  /** A hub that answers with the status, or never; counts what it is asked. */
  async function hub(status: number | null): Promise<{ asked: () => number }> {
    let asked = 0;
    const server = createServer((_, response) => {
      asked++;
      if (status !== null) response.writeHead(status).end();
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('HF_ENDPOINT', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    vi.stubEnv('HF_HUB_OFFLINE', '0');
    vi.stubEnv('HF_TOKEN', '');
    return { asked: () => asked };
  }

  it('reaches a hub that answers', async () => {
    await hub(200);
    expect(await checkHub(2000)).toMatchObject({ status: 'ok' });
  });

  it('tells a hub that is in trouble, silent, or not there', async () => {
    await hub(503);
    expect((await checkHub(2000)).detail).toContain('HTTP 503');
    await hub(null);
    const start = performance.now();
    expect((await checkHub(200)).detail).toContain('no answer in time');
    expect(performance.now() - start).toBeLessThan(2000);
    vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:1');
    expect(await checkHub(2000)).toMatchObject({ status: 'optional' });
  });

  it('asks nothing where HF_HUB_OFFLINE is set', async () => {
    const { asked } = await hub(200);
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    const check = await checkHub(2000);
    expect(check).toMatchObject({ status: 'optional', fix: null });
    expect(check.detail).toContain('HF_HUB_OFFLINE');
    expect(asked()).toBe(0);
  });

  it('sees the OpenAI key without showing it', () => {
    expect(checkOpenAi()).toMatchObject({ status: 'optional' });
    vi.stubEnv('OPENAI_API_KEY', 'sk-secret');
    const check = checkOpenAi();
    expect(check.status).toBe('ok');
    expect(JSON.stringify(check)).not.toContain('secret');
  });

  it('knows the version of the kernel and of JupyterLab', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'node_modules/tslab/package.json'), 'utf8')) as {
      version: string;
    };
    expect(checkKernel()).toMatchObject({ status: 'ok', detail: `tslab ${version}` });
    mkdirSync(join(scratch, 'nothing'), { recursive: true });
    vi.stubEnv('PATH', join(scratch, 'nothing'));
    expect(await checkJupyter([join(scratch, 'nothing')])).toMatchObject({ status: 'optional' });
    vi.unstubAllEnvs();
    installProgram('jupyter-lab', '4.6.1');
    expect(await checkJupyter([join(scratch, 'nothing')])).toMatchObject({ status: 'ok', detail: '4.6.1' });
    installProgram('jupyter-lab', '3.6.8');
    expect(await checkJupyter([join(scratch, 'nothing')])).toMatchObject({ status: 'optional' });
  });

  it('finds JupyterLab in environments that are not active, before an old one on the path', async () => {
    const environment = join(scratch, 'project', '.venv');
    mkdirSync(join(environment, 'bin'), { recursive: true });
    writeFileSync(join(environment, 'bin/jupyter-lab'), '#!/bin/sh\necho 4.5.0\n', { mode: 0o755 });
    installProgram('jupyter-lab', '3.6.8');
    const found = { status: 'ok', detail: `4.5.0 in ${environment}` };
    expect(await checkJupyter([join(scratch, 'nothing'), environment])).toMatchObject(found);
    // where the reader stands, such as a project that has installed this package
    vi.spyOn(process, 'cwd').mockReturnValue(join(scratch, 'project'));
    try {
      expect((await checkJupyter()).status).toBe('ok');
      if ((await findJupyterLab([PYTHON_ENVIRONMENT]))?.environment === null) {
        expect(await checkJupyter()).toMatchObject(found);
      }
    } finally {
      vi.restoreAllMocks();
    }
  });
});
