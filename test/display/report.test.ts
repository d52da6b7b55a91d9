import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { findComparison, keyResult, verdict } from '../../lib/display/findings.js';
import { renderReport } from '../../lib/display/html/report.js';
import { metricTable } from '../../lib/display/terminal/report-tables.js';
import type { Report } from '../../lib/evaluation/report.js';
import { sampleReport } from './sample-report.js';

/** The page without its scripts and style, as a reader without JavaScript has it. */
function visible(html: string): string {
  return html.replace(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>/g, '');
}

/** Body of the page as XML: all that we write is closed, so a stray tag shows. */
function isBalanced(html: string): true | object {
  const body = visible(html).match(/<body>[\s\S]*<\/body>/)![0];
  return XMLValidator.validate(body, { allowBooleanAttributes: true }) as true | object;
}

const embedded = (html: string, id: string): string =>
  html.match(new RegExp(`<script[^>]* id="${id}">([\\s\\S]*?)</script>`))![1]!;

describe('a report on hostile names', () => {
  it('has topics and systems named like members of objects in every table and figure', () => {
    const names = ['constructor', '__proto__'];
    const report = JSON.parse(
      JSON.stringify(sampleReport())
        .replaceAll('"gr-qc"', '"constructor"')
        .replaceAll('"hep-th"', '"__proto__"')
        .replaceAll('"bm25"', '"toString"'),
    ) as Report;
    for (const system of report.systems) if (system.name === 'toString') system.kind = 'bm25';
    const html = renderReport(report);
    expect(isBalanced(html)).toBe(true);
    const page = visible(html);
    for (const name of names) expect(page).toMatch(new RegExp(`<th scope="row">${name}</th><td class="number">\\d+`));
    expect(page).toContain('>toString</span>');
    expect(page).not.toMatch(/native code|\[object|NaN|undefined(?! for)/);
  });
});

describe('report.html', () => {
  const report = sampleReport();
  const html = renderReport(report);
  const page = visible(html);

  it('says what was run and what came out, in figures and words', () => {
    expect(page).toContain('Retrieval with the sample encoder on the sample corpus');
    expect(page).toContain(
      'The titles of 160 papers of the main topic are searched for among 402 abstracts of 9 topics',
    );
    expect(page).toContain('Fine-tuning improves retrieval: MRR@10 .893 after fine-tuning, .861 before');
    expect(page).toContain('The tuned encoder and BM25 cannot be told apart: .893 against .902');
    expect(page).toContain('openai:text-embedding-3-small');
    expect(page).toContain('OPENAI_API_KEY is not set');
    for (const heading of ['Results', 'Paired differences', 'Where it errs', 'Training', 'Data', 'Details']) {
      expect(page).toContain(`<h2>${heading}</h2>`);
    }
  });

  it('has the best value of a metric in bold, ties included', () => {
    const cells = [...page.matchAll(/<b>(\.\d{3})<\/b><span class="interval">/g)].map(([, value]) => value);
    expect(cells).toHaveLength(8 + 4);
    expect(cells).toContain('.921');
    expect(cells.filter((value) => value === '.990')).toHaveLength(4);
  });

  it('shows every plot as SVG at once, and holds its description for the interactive one', () => {
    const names = [...page.matchAll(/data-figure="([^"]+)"/g)].map(([, name]) => name);
    expect(names).toEqual(
      expect.arrayContaining(['recall', 'token-lengths', 'loss', 'learning-rate', 'confusion-1', 'differences']),
    );
    expect(page.match(/<svg /g)).toHaveLength(names.length);
    expect(Object.keys(JSON.parse(embedded(html, 'figures')) as object).sort()).toEqual([...names].sort());
  });

  it('draws the confusions of all systems over the same topics', () => {
    const uneven = sampleReport();
    uneven.confusion = [
      { system: 'a', rows: ['gr-qc'], columns: ['hep-th', 'gr-qc'], counts: [[1, 9]] },
      { system: 'b', rows: ['gr-qc'], columns: ['q-bio'], counts: [[10]] },
    ];
    const figures = JSON.parse(embedded(renderReport(uneven), 'figures')) as Record<
      string,
      { data: { x: string[]; z: number[][] }[] }
    >;
    expect(figures['confusion-1']!.data[0]).toMatchObject({ x: ['gr-qc', 'hep-th', 'q-bio'], z: [[0.9, 0.1, 0]] });
    expect(figures['confusion-2']!.data[0]).toMatchObject({ x: ['gr-qc', 'hep-th', 'q-bio'], z: [[0, 0, 1]] });
  });

  it('is one well-formed page below 5 MB that asks for nothing else', async () => {
    expect(isBalanced(html)).toBe(true);
    expect(html.length).toBeLessThan(5e6);
    expect(page.match(/\b(?:src|action)=/g)).toBeNull();
    for (const [, target] of page.matchAll(/\bhref="([^"]*)/g)) expect(target).toMatch(/^https:\/\/arxiv\.org\/abs\//);
    expect(page).toContain("default-src 'none'");
    const plotly = gunzipSync(Buffer.from(embedded(html, 'plotly'), 'base64'));
    expect(plotly.equals(await readFile('node_modules/plotly.js-dist/plotly.js'))).toBe(true);
  });

  it('lets no text of a paper, a name or a setting become markup', () => {
    const hostile = '</script><script>alert("x")</script><img src=x onerror=alert(1)>\u0000\'&amp;';
    const bad = structuredClone(report);
    bad.systems[0]!.name = hostile;
    bad.recallCurves[0]!.system = hostile;
    bad.confusion[0]!.system = hostile;
    bad.confusion[0]!.rows[0] = hostile;
    bad.skipped = [{ name: hostile, reason: hostile }];
    bad.comparisons[0]!.b = hostile;
    bad.examples[0]!.system = hostile;
    bad.examples[0]!.hits[0]!.query = hostile;
    bad.examples[0]!.hits[0]!.found[0]!.title = hostile;
    bad.config.encoder.model = hostile;
    bad.config.datasets.source = hostile;
    bad.environment[hostile] = hostile;
    bad.corpus.categories[hostile] = 1;
    bad.tokens!.histogram.countsByTopic[hostile] = [1];
    (bad.batches![0] as { role: string }).role = hostile;
    const result = renderReport(bad);
    expect(result.match(/<script/g)).toHaveLength(html.match(/<script/g)!.length);
    expect(visible(result)).not.toMatch(/<img|<script/);
    expect(visible(result)).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(isBalanced(result)).toBe(true);
    expect(() => JSON.parse(embedded(result, 'figures')) as unknown).not.toThrow();
  });

  it('shows TeX and tags of titles as they are', () => {
    expect(page).toContain('Quasinormal modes of &lt;i&gt;regular&lt;/i&gt; black holes &amp; their shadows');
    expect(page).toContain('$H_0$ &lt; 70 km/s/Mpc');
  });

  it('breaks the headline metric down by topic, where there are several', () => {
    expect(page).toContain('MRR@10 by topic of the query.');
    expect(page).toMatch(/<th scope="row">hep-th<\/th><td class="number">60<\/td>/);
    const one = sampleReport();
    one.topics = one.topics!.filter(({ topic }) => topic === 'gr-qc');
    expect(visible(renderReport(one))).not.toContain('by topic of the query');
  });

  it('says first that the sample corpus is synthetic, and says it of no other', () => {
    const note = 'The sample corpus is synthetic';
    expect(page.indexOf(note)).toBeGreaterThan(page.indexOf('<h1>'));
    expect(page.indexOf(note)).toBeLessThan(page.indexOf('Fine-tuning improves'));
    const real = sampleReport();
    real.config.datasets.source = 'arxiv';
    expect(visible(renderReport(real))).not.toContain('synthetic');
    const beir = sampleReport();
    beir.corpus = { documents: 5183, queries: 300, categories: {} };
    expect(visible(renderReport(beir))).not.toContain('synthetic');
    expect(visible(renderReport(beir))).toContain('on 5,183 documents</h1>');
  });

  it('has the headline metric by lexical overlap for every system, with intervals', () => {
    expect(page).toContain('MRR@10 by the share of the content words of a query that its answer has.');
    const row = page.match(/<th scope="row">lowest<\/th>(.*?)<\/tr>/)![1]!;
    expect(row).toContain('20–71 %');
    expect(row).toContain('>54<');
    expect(row.match(/class="interval"/g)).toHaveLength(report.systems.length);
    const { lexicalOverlap: _, ...older } = sampleReport();
    expect(visible(renderReport(older))).not.toContain('by lexical overlap');
  });

  it('links papers that have an arXiv id, and no others', () => {
    const linked = sampleReport();
    for (const { hits, misses } of linked.examples) {
      for (const example of [...hits, ...misses]) {
        example.queryId = 'sample.0001';
        for (const found of example.found) found.id = 'sample.0002';
      }
    }
    expect(visible(renderReport(linked))).not.toContain('<a ');
    const [first] = linked.examples[0]!.hits;
    first!.queryId = '2101.00001';
    first!.found[0]!.id = 'gr-qc/0601001';
    const links = visible(renderReport(linked)).match(/<a [^>]*>/g);
    expect(links).toEqual([
      '<a href="https://arxiv.org/abs/2101.00001" rel="noreferrer">',
      '<a href="https://arxiv.org/abs/gr-qc/0601001" rel="noreferrer">',
    ]);
  });

  it('leaves out what the report lacks', () => {
    const { tokens: _, training: __, batches: ___, topics: ____, lexicalOverlap: _____, ...rest } = sampleReport();
    const small: Report = {
      ...rest,
      systems: rest.systems.filter(({ kind }) => kind === 'bm25'),
      comparisons: [],
      skipped: [],
      recallCurves: [],
      confusion: [],
      examples: [],
    };
    const result = visible(renderReport(small));
    for (const heading of ['Training', 'Data', 'Paired differences', 'Skipped systems', 'Where it errs']) {
      expect(result).not.toContain(`<h2>${heading}</h2>`);
    }
    expect(result).toContain('bm25 with MRR@10 .902 [');
    expect(isBalanced(renderReport(small))).toBe(true);
    expect(renderReport({ ...small, systems: [], corpus: { documents: 0, queries: 0, categories: {} } })).toContain(
      'No system was evaluated',
    );
  });

  it('writes a dash for what is not a number', () => {
    const broken = sampleReport();
    broken.systems[0]!.metrics['mrr@10'] = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
    broken.comparisons[0]!.difference = Number.NaN;
    broken.training!.steps[3]!.loss = Number.POSITIVE_INFINITY;
    const result = visible(renderReport(broken));
    expect(result).not.toMatch(/NaN|Infinity|undefined/);
    expect(result).toContain('there is no paired comparison of the two');
  });
});

describe('the key result', () => {
  const told = (difference: number, half: number): string[] => {
    const report = sampleReport();
    report.comparisons = [
      {
        a: 'untuned',
        b: 'tuned',
        metric: 'mrr@10',
        difference: -difference,
        low: -difference - half,
        high: -difference + half,
        p: 0.01,
      },
      { a: 'tuned', b: 'bm25', metric: 'mrr@10', difference, low: difference - half, high: difference + half, p: 0.02 },
    ];
    return keyResult(report);
  };

  it('follows the intervals, whatever they say', () => {
    expect(told(0.03, 0.01)[0]).toMatch(/^Fine-tuning improves .* \+\.030 \[\+\.020, \+\.040\]/);
    expect(told(-0.03, 0.01)[0]).toMatch(/^Fine-tuning makes retrieval worse/);
    expect(told(0.01, 0.02)[0]).toMatch(/^Whether fine-tuning helps stays open/);
    expect(told(0.03, 0.01)[1]).toMatch(/^The tuned encoder is above BM25/);
    expect(told(-0.03, 0.01)[1]).toMatch(/^The tuned encoder is below BM25/);
  });

  it('calls a tie a tie', () => {
    expect(told(0, 0)).toEqual([
      expect.stringMatching(
        /^Fine-tuning changes nothing: .*, a difference of 0 in every resample over \d+ queries\.$/,
      ),
      expect.stringMatching(/^The tuned encoder and BM25 tie: /),
    ]);
    expect(verdict({ low: 0, high: 0 })).toBe('tie');
    const report = sampleReport();
    report.systems = report.systems.slice(0, 2).map((system, i) => ({ ...system, kind: 'hybrid', name: `h${i}` }));
    report.systems[1]!.metrics = structuredClone(report.systems[0]!.metrics);
    expect(keyResult(report)[0]).toMatch(/^Tied at best of 2 systems: h0 and h1 with MRR@10 /);
    expect(metricTable(report)).toContain('* best, several where they tie; in brackets');
    report.systems = report.systems.slice(0, 1);
    expect(metricTable(report)).toContain('* best; in brackets');
  });

  it('has doubts where the p value of all comparisons together has', () => {
    const report = sampleReport();
    report.comparisons[0]!.p = 0.3;
    expect(keyResult(report)[0]).toMatch(/^Fine-tuning probably improves retrieval: .* p = \.300\)/);
  });

  it('turns a difference round with its interval', () => {
    const [first] = sampleReport().comparisons;
    const turned = findComparison(sampleReport(), 'untuned', 'tuned', 'mrr@10')!;
    expect([turned.difference, turned.low, turned.high]).toEqual([-first!.difference, -first!.high, -first!.low]);
    expect(verdict(turned)).toBe('below');
    expect(verdict({ low: 0, high: 1 })).toBe('undecided');
  });
});
