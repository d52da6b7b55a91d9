import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ConfigInput, resolveConfig } from '../../lib/config/config.js';
import type { SplitPaper } from '../../lib/datasets/paper.js';
import { evaluationTask } from '../../lib/pipeline/evaluation-task.js';
import { questionSet } from '../../lib/pipeline/question-set.js';

const folder = mkdtempSync(join(tmpdir(), 'questions-'));
afterAll(() => rmSync(folder, { recursive: true }));

const papers = Array.from(
  { length: 12 },
  (_, i): SplitPaper => ({
    id: `p${i}`,
    title: `title ${i}`,
    abstract: `abstract ${i}`,
    published: null,
    categories: ['gr-qc'],
    topic: 'gr-qc',
    role: 'main',
    split: (['train', 'validation', 'test'] as const)[i % 3]!,
  }),
);

function file(name: string, lines: object[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return path;
}
const QUESTIONS = file('questions.jsonl', [
  { paper: 'p2', question: 'what is two?' },
  { paper: 'p2', question: 'and again?' },
  { paper: 'p5', question: 'what is five?' },
  { paper: 'p4', question: 'what is four, of the validation side?' },
  { paper: 'p0', question: 'what is nought, which was trained on?' },
]);

async function setOf(evaluation: ConfigInput['evaluation'], source = 'x.jsonl') {
  const config = resolveConfig({ input: { datasets: { source }, evaluation: { queries: 'all', ...evaluation } } });
  return questionSet(config, papers, evaluationTask(config, { papers }));
}

describe('questionSet', () => {
  it('asks the questions of the evaluated side over its abstracts, and chooses fusions by those of validation', async () => {
    const { name, task, note } = (await setOf({ questions: QUESTIONS }))!;
    expect([name, note]).toEqual(['questions', undefined]);
    expect(task.corpus.map(({ id }) => id)).toEqual(['p2', 'p5', 'p8', 'p11']);
    expect(task.queries.map(({ text }) => text)).toEqual(['what is two?', 'and again?', 'what is five?']);
    expect(task.queries.map(({ id }) => [...task.qrels.get(id)!.keys()])).toEqual([['p2'], ['p2'], ['p5']]);
    expect(task.validation?.queries.map(({ text }) => text)).toEqual(['what is four, of the validation side?']);
    expect(task.validation?.corpus.map(({ id }) => id).sort()).toEqual(['p1', 'p10', 'p4', 'p7']);
  });

  it('is there for the sample corpus alone, unless a file is named', async () => {
    expect(await setOf({})).toBeNull();
    expect(await setOf({ questions: null }, 'sample')).toBeNull();
    // these papers are not those of the sample corpus
    expect(await setOf({}, 'sample')).toBeNull();
  });

  it('refuses a file that asks about nothing of the side', async () => {
    const other = file('other.jsonl', [{ paper: 'elsewhere', question: 'what?' }]);
    await expect(setOf({ questions: other })).rejects.toThrow(/has no question about a paper that is asked about/);
    await expect(setOf({ questions: file('bad.jsonl', [{ paper: 'p2' }]) })).rejects.toThrow(/line 1: question/);
  });
});
