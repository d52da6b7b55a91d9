/** The project's own evaluation over a server: the system `openai` with its URL finds what the run's own encoder finds. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../lib/evaluation/report.js';
import type { RunningServer } from '../../lib/server/serve.js';
import { llmEmbedding, workFolder } from '../../test/cli/command-line.js';
import { type ExampleRun, makeExampleRun } from '../../test/examples/example-run.js';
import { get, serveForTest } from './serving.js';

const cwd = workFolder();
const KEY = 'a-key-of-some-length';
let run: ExampleRun;
let server: RunningServer;
beforeAll(async () => {
  run = await makeExampleRun(cwd, ['evaluation.queries="all"', 'evaluation.bootstrapSamples=100']);
  process.env.LLM_EMBEDDING_API_KEY = KEY;
  server = await serveForTest(run.folder, { names: ['mine'] });
  delete process.env.LLM_EMBEDDING_API_KEY;
}, 120_000);
afterAll(() => server?.stop());

it('has the metrics and rankings of the encoder', async () => {
  const env = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${server.url}/v1` };
  const { code, stderr } = await llmEmbedding(['evaluate', run.folder, '--systems', 'tuned,openai:mine'], { cwd, env });
  expect(code, stderr).toBe(0);
  const report = JSON.parse(readFileSync(join(run.folder, 'report.json'), 'utf8')) as Report;
  const [tuned, served] = report.systems;
  expect(served).toMatchObject({ name: 'openai:mine', kind: 'openai', dimensions: tuned!.dimensions });
  expect(Object.keys(tuned!.metrics).length).toBeGreaterThan(3);
  expect(served!.metrics).toEqual(tuned!.metrics);
  const files = readdirSync(join(run.folder, 'runs'));
  const ranking = (name: string): string[] =>
    readFileSync(join(run.folder, 'runs', files.find((file) => file.startsWith(name))!), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/).slice(0, 4).join(' '));
  const names = ['tuned.trec', 'openai-mine-'].map((name) => ranking(name));
  expect(names[1]).toEqual(names[0]);
  expect((await get(server.url, '/metrics', { authorization: `Bearer ${KEY}` })).body).toContain('status="200"} ');
});
