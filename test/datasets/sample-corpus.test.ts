/**
 * The committed sample corpus: made again byte for byte, marked as synthetic, in the snapshot's format, well formed as
 * English, and statistically near real arXiv text.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Random } from '../../lib/core/random.js';
import { readQuestions, SAMPLE_QUESTIONS } from '../../lib/evaluation/formats/questions.js';
import { readTopic } from '../../scripts/sample-corpus/bank.js';
import { makeCorpus, type SampleRecord } from '../../scripts/sample-corpus/corpus.js';
import { fixArticles, hasDoubledWord, isPlural, titleCase } from '../../scripts/sample-corpus/english.js';
import { general, styleFrames } from '../../scripts/sample-corpus/frames/index.js';
import { compress } from '../../scripts/sample-corpus/generate.js';
import {
  contentStems,
  hitAt1,
  jaccard,
  titleCoverage,
  vocabularyShape,
} from '../../scripts/sample-corpus/statistics.js';
import { expand } from '../../scripts/sample-corpus/template.js';
import { topics } from '../../scripts/sample-corpus/topics/index.js';

const path = fileURLToPath(new URL('../../data/sample-corpus.jsonl.gz', import.meta.url));
const file = readFileSync(path);
const text = gunzipSync(file).toString('utf8');
const records = text
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as SampleRecord);
const topicOf = (record: SampleRecord): string => record.categories.split(' ')[0]!.replace(/^q-bio\..*/, 'q-bio');
const TOPICS = [
  'gr-qc',
  'hep-th',
  'astro-ph.CO',
  'math-ph',
  'cond-mat.stat-mech',
  'cs.LG',
  'cs.AI',
  'stat.ML',
  'q-bio',
];

describe('the committed file', () => {
  it('is what the generator makes, byte for byte', () => {
    const generator = fileURLToPath(new URL('../../dist/scripts/sample-corpus/generate.js', import.meta.url));
    const folder = mkdtempSync(join(tmpdir(), 'sample-corpus-'));
    try {
      const out = join(folder, 'again.jsonl.gz');
      const questions = join(folder, 'questions.jsonl.gz');
      execFileSync(process.execPath, [generator, '--out', out, '--questions', questions], { stdio: 'ignore' });
      expect(gunzipSync(readFileSync(out)).equals(gunzipSync(file))).toBe(true);
      expect(gunzipSync(readFileSync(questions)).equals(gunzipSync(readFileSync(SAMPLE_QUESTIONS)))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is compressed without a trace of time and system, and below 2 MB', () => {
    expect([...file.subarray(4, 8), file[9]]).toEqual([0, 0, 0, 0, 255]);
    expect([...compress('x').subarray(4, 8), compress('x')[9]]).toEqual([0, 0, 0, 0, 255]);
    expect(file.length).toBeLessThan(2e6);
  });

  it('has at least 2,000 papers in all nine topics, 400 of them in the main topic', () => {
    expect(records.length).toBeGreaterThanOrEqual(2000);
    const counts = new Map<string, number>();
    for (const record of records) counts.set(topicOf(record), (counts.get(topicOf(record)) ?? 0) + 1);
    expect([...counts.keys()].sort()).toEqual([...TOPICS].sort());
    expect(counts.get('gr-qc')).toBeGreaterThanOrEqual(400);
    expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(200);
  });

  it('cannot be taken for real papers', () => {
    for (const { id, authors, comments } of records) {
      expect(id).toMatch(/^sample\.[a-zA-Z.-]+\.\d{4}$/);
      expect(id).not.toMatch(/^\d{4}\.\d{4,5}$|^[a-z-]+(\.[A-Z]{2})?\/\d{7}$/);
      expect(authors).toBe('Synthetic');
      expect(comments).toContain('not a real paper');
    }
  });

  it('writes ids, titles and abstracts once, dates as the snapshot does', () => {
    for (const field of ['id', 'title', 'abstract'] as const)
      expect(new Set(records.map((record) => record[field])).size).toBe(records.length);
    for (const { update_date, versions, categories } of records) {
      expect(update_date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(Number.isNaN(Date.parse(versions[0]!.created))).toBe(false);
      expect(Date.parse(update_date)).toBeGreaterThan(Date.parse(versions[0]!.created) - 86_400_000);
      const list = categories.split(' ');
      expect(new Set(list).size).toBe(list.length);
    }
  });

  it('reads as English: no bracket left, no doubled word, articles that fit', () => {
    for (const { title, abstract } of records) {
      const plain = abstract.replace(/\$[^$]*\$/g, 'TeX');
      expect(plain).not.toMatch(/[{}|]| ,|,,|\.\.|undefined/);
      expect(plain).not.toMatch(/\ban? (?:an?|the) /);
      expect(hasDoubledWord(plain)).toBe(false);
      expect(fixArticles(abstract)).toBe(abstract);
      expect(abstract).toMatch(/^[A-Z$\d].*[.?]$/s);
      expect((abstract.match(/\$/g) ?? []).length % 2).toBe(0);
      expect(title).not.toMatch(/[{}|]$|\.$/);
    }
  });
});

describe('statistics, against those of real arXiv records', () => {
  const ofTopic = (topic: string): SampleRecord[] => records.filter((record) => topicOf(record) === topic);
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

  it.each(TOPICS)('BM25 finds three quarters of the abstracts of %s by their titles, but not all', (topic) => {
    const share = hitAt1(ofTopic(topic));
    expect(share).toBeGreaterThan(0.75);
    expect(share).toBeLessThan(0.9);
  });

  it('lengths: titles of 10 words (median), abstracts of 159', () => {
    expect(median(records.map(({ title }) => title.split(' ').length))).toBe(10);
    const words = median(records.map(({ abstract }) => abstract.split(' ').length));
    expect(words).toBeGreaterThan(145);
    expect(words).toBeLessThan(170);
  });

  it('titles share 85 % of their content words with their abstracts, and not all of them all', () => {
    const shares = records.map(titleCoverage);
    expect(mean(shares)).toBeCloseTo(0.85, 1);
    expect(shares.filter((share) => share < 0.6).length / shares.length).toBeGreaterThan(0.04);
  });

  it('abstracts have near neighbours, but are no copies of each other', () => {
    const { random, nearest, nearest95 } = jaccard(new Random(1).shuffle(records).slice(0, 2000));
    expect(random).toBeLessThan(0.045);
    expect(nearest).toBeGreaterThan(0.1);
    expect(nearest).toBeLessThan(0.17);
    expect(nearest95).toBeLessThan(0.22);
  });

  it('a rich vocabulary, TeX in a quarter of the abstracts, a colon in a quarter of the titles', () => {
    const { size, hapax, slope } = vocabularyShape(new Random(1).shuffle(records).slice(0, 2000));
    expect(size).toBeGreaterThan(10_000);
    expect(hapax).toBeGreaterThan(0.2);
    expect(slope).toBeCloseTo(-0.79, 0);
    expect(mean(records.map(({ abstract }) => Number(abstract.includes('$'))))).toBeCloseTo(0.28, 1);
    expect(mean(records.map(({ title }) => Number(title.includes(':'))))).toBeCloseTo(0.29, 1);
  });
});

describe('the banks', () => {
  it.each(topics.map((topic) => [topic.category, topic] as const))(
    '%s has 60 concepts with synonyms and more',
    (_, topic) => {
      const concepts = readTopic(topic).flatMap(({ phenomena, objects, methods, settings, results }) => [
        ...phenomena,
        ...objects,
        ...methods,
        ...settings,
        ...results,
      ]);
      const names = new Set(concepts.map(({ names }) => names[0]!.text));
      expect(names.size).toBeGreaterThanOrEqual(60);
      for (const { names } of concepts) expect(names.length).toBeGreaterThanOrEqual(2);
    },
  );

  it('every template closes its brackets and agrees only with slots it has filled', () => {
    const fill = (slot: string) => ({ text: `<${slot}>`, plural: slot.length > 1 });
    const claims = topics.flatMap(readTopic).flatMap((subfield) => [...subfield.claims, ...subfield.background]);
    const frames = [general, ...Object.values(styleFrames)].flatMap((set) => Object.values(set).flat());
    for (const template of [...claims, ...frames])
      for (let seed = 0; seed < 5; seed++)
        expect(expand(template, new Random(seed, template), fill).replace(/\$[^$]*\$/g, '')).not.toMatch(/[[\]{}|]/);
  });
});

describe('the grammar', () => {
  it('takes choices, slots and agreement', () => {
    const fill = (slot: string) => ({ text: slot === 'P' ? 'waves' : 'mass', plural: slot === 'P' });
    const all = new Set(
      Array.from({ length: 60 }, (_, seed) =>
        expand('[a|b[c|]] {P} {P:is/are} $x_{[1]}$ {Q} {Q:is/are}', new Random(seed), fill),
      ),
    );
    expect([...all].sort()).toEqual(['a', 'b', 'bc'].map((start) => `${start} waves are $x_{[1]}$ mass is`).sort());
    expect(() => expand('[a|b', new Random(0), fill)).toThrow(/\[ without \]/);
    expect(() => expand('{Q:is/are}', new Random(0), fill)).toThrow(/before \{Q\}/);
  });

  it('tells singular from plural by the head of the phrase', () => {
    for (const plural of [
      'quasinormal modes',
      'networks constrained by equations',
      'boundary data',
      'drift and diffusion',
    ])
      expect(isPlural(plural), plural).toBe(true);
    for (const singular of [
      'a suite of runs',
      'adaptive dynamics',
      'loss of modes',
      'the Gibbs process',
      'selection bias',
    ])
      expect(isPlural(singular), singular).toBe(false);
  });

  it('writes articles by sound and capitals as titles have them', () => {
    expect(fixArticles('a unitary map, a hour, an universal law, a SU(2) doublet, an LIGO event')).toBe(
      'a unitary map, an hour, a universal law, an SU(2) doublet, a LIGO event',
    );
    expect(titleCase('on the decay of high-energy waves: a note in $f(R)$ gravity')).toBe(
      'On the Decay of High-Energy Waves: A Note in $f(R)$ Gravity',
    );
  });

  it('another seed makes another corpus', () => {
    const small = topics.slice(0, 1).map((topic) => ({ ...topic, papers: 12 }));
    expect(makeCorpus(1, small)).toEqual(makeCorpus(1, small));
    expect(makeCorpus(2, small)[0]!.abstract).not.toBe(makeCorpus(1, small)[0]!.abstract);
  });
});

const PREPOSITIONS = ['around', 'across', 'near', 'behind', 'along', 'inside', 'among', 'onto'];

describe('the committed questions', () => {
  it('ask about nearly every paper, without a word of its title', async () => {
    const questions = await readQuestions(SAMPLE_QUESTIONS);
    expect(questions.size).toBeGreaterThan(0.95 * records.length);
    const byId = new Map(records.map((record) => [record.id, record]));
    for (const [paper, asked] of questions) {
      const inTitle = contentStems(byId.get(paper)!.title);
      for (const question of asked) {
        expect(question).toMatch(/^[^?]+ [^?]+\?$/);
        // "around" joins concepts, as "of" does
        const shared = [...contentStems(question)].filter((stem) => inTitle.has(stem) && !PREPOSITIONS.includes(stem));
        expect(shared, `${paper}: ${question}`).toEqual([]);
      }
    }
  });
});
