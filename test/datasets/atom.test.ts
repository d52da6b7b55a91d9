import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WorkError } from '../../lib/core/errors.js';
import { TransientError } from '../../lib/core/retry.js';
import { parseAtom } from '../../lib/datasets/arxiv/atom.js';
import { lineOfPaper } from '../../lib/datasets/arxiv/paper-line.js';
import { parseArxivId } from '../../lib/datasets/arxiv-id.js';
import { recordOfLine } from '../../lib/datasets/snapshot/record-of-line.js';
import { atomFeed, makePapers } from './helpers/corpus.js';

const feed = (inside: string, attributes = 'xmlns="http://www.w3.org/2005/Atom"'): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<feed ${attributes}>${inside}</feed>`;

const entry = (inside: string): string =>
  feed(
    `<entry><id>http://arxiv.org/abs/2101.00001v2</id><title>T</title><summary>S</summary><category term="gr-qc"/>${inside}</entry>`,
  );

describe('an answer of the API', () => {
  it('gives the papers of a page', () => {
    const papers = makePapers(30, ['gr-qc', 'hep-th']);
    const page = parseAtom(atomFeed(papers, 1234, 0));
    expect(page.total).toBe(1234);
    expect(page.malformed).toEqual([]);
    expect(
      page.papers.map((paper) => [paper.id, paper.version, paper.title, paper.abstract, paper.categories]),
    ).toEqual(papers.map((paper) => [paper.id, paper.version, paper.title, paper.abstract, paper.categories]));
    expect(page.papers[0]?.authors).toEqual(['Zoë Müller']);
    expect(page.papers[0]?.published).toBe(papers[0]?.published);
  });

  it('of the old layout: self link first, a namespace on every element', () => {
    const page = parseAtom(
      feed(`<link xmlns="http://www.w3.org/2005/Atom" href="http://arxiv.org/api/query?start=0" rel="self" type="application/atom+xml"/>
        <title xmlns="http://www.w3.org/2005/Atom">arXiv Query</title>
        <opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">7</opensearch:totalResults>
        <entry xmlns="http://www.w3.org/2005/Atom">
          <id xmlns="http://www.w3.org/2005/Atom">http://arxiv.org/abs/hep-ex/0307015</id>
          <published xmlns="http://www.w3.org/2005/Atom">2003-07-07T13:46:39-04:00</published>
          <title xmlns="http://www.w3.org/2005/Atom">Multi-Electron
            Production</title>
          <summary xmlns="http://www.w3.org/2005/Atom">  Multi-electron production
  at 319 GeV.
</summary>
          <author xmlns="http://www.w3.org/2005/Atom"><name>H1 Collaboration</name></author>
          <category xmlns="http://www.w3.org/2005/Atom" term="hep-ex" scheme="http://arxiv.org/schemas/atom"/>
          <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="hep-ex" scheme="http://arxiv.org/schemas/atom"/>
        </entry>`),
    );
    expect(page.total).toBe(7);
    expect(page.papers).toMatchObject([
      {
        id: 'hep-ex/0307015',
        version: null,
        title: 'Multi-Electron Production',
        abstract: 'Multi-electron production at 319 GeV.',
        categories: ['hep-ex'],
        published: '2003-07-07T17:46:39.000Z',
      },
    ]);
  });

  it('with other prefixes', () => {
    const page = parseAtom(
      `<a:feed xmlns:a="http://www.w3.org/2005/Atom" xmlns:o="http://a9.com/-/spec/opensearch/1.1/" xmlns:x="http://arxiv.org/schemas/atom">
        <o:totalResults>1</o:totalResults><a:entry><a:id>http://arxiv.org/abs/2101.00001v1</a:id><a:title>T</a:title><a:summary>S</a:summary>
        <a:category term="hep-th"/><a:category term="gr-qc"/><x:primary_category term="gr-qc"/></a:entry></a:feed>`,
    );
    expect(page.papers).toMatchObject([{ id: '2101.00001', categories: ['gr-qc', 'hep-th'] }]);
  });

  it('without primary category: the first one', () => {
    const page = parseAtom(entry('<category term="hep-th"/><category term="83C57, 53Z05"/>'));
    expect(page.papers[0]?.categories).toEqual(['gr-qc', 'hep-th']);
  });

  it.each([
    ['XML escapes', 'a &lt; b &amp; c &#xe9; &#233;', 'a < b & c é é'],
    ['HTML escapes below them', 'a &amp;lt; b &amp;amp; c &amp;#8211; d', 'a < b & c – d'],
    ['TeX', 'Schr\\"odinger\'s $\\alpha &lt; \\beta$', 'Schr\\"odinger\'s $\\alpha < \\beta$'],
    ['accents and line breaks', 'Poincaré\n   and\tMøller\u00a0x', 'Poincaré and Møller x'],
    ['a CDATA section', '<![CDATA[a < b & c]]>', 'a < b & c'],
    ['what is no escape', 'R&amp;D &amp;unknown; &#0;', 'R&D &unknown; &#0;'],
  ])('%s in a title', (_, xml, text) => {
    const page = parseAtom(entry('').replace('<title>T</title>', `<title type="html">${xml}</title>`));
    expect(page.papers[0]?.title).toBe(text);
  });

  it('with DOI, journal references, comments, affiliations', () => {
    const page = parseAtom(
      entry(`<author><name>A B</name><arxiv:affiliation xmlns:arxiv="x">Here</arxiv:affiliation></author><author><name>C D</name></author>
        <arxiv:doi xmlns:arxiv="x">10.1/2</arxiv:doi><arxiv:journal_ref xmlns:arxiv="x">J. 1</arxiv:journal_ref>
        <arxiv:comment xmlns:arxiv="x">2 pages</arxiv:comment>`),
    );
    expect(page.papers[0]).toMatchObject({
      authors: ['A B', 'C D'],
      doi: '10.1/2',
      journalReference: 'J. 1',
      comments: '2 pages',
    });
  });

  it('an error entry is an error', () => {
    const page = parseAtom(
      feed(
        '<entry><id>http://arxiv.org/api/errors#x</id><title>Error</title><summary>max_results must be an integer</summary></entry>',
      ),
    );
    expect(page).toMatchObject({ papers: [], error: 'max_results must be an integer' });
  });

  it.each([
    ['no title', entry('').replace('<title>T</title>', '')],
    ['two titles', entry('<title>U</title>')],
    ['elements in the title', entry('').replace('<title>T</title>', '<title>T <b>bold</b></title>')],
    ['no summary', entry('').replace('<summary>S</summary>', '<summary> </summary>')],
    ['no category', entry('').replace('<category term="gr-qc"/>', '')],
    ['a control character in the title', entry('').replace('<title>T', '<title>T\u0007')],
    ['bytes that were not UTF-8 in the summary', entry('').replace('<summary>S', '<summary>S\ufffd')],
    [
      'a summary that runs into the next entry',
      entry('').replace('<summary>S</summary>', '<summary><![CDATA[S</summary></entry><entry>]]></summary>'),
    ],
    ['an id of something else', entry('').replace('2101.00001v2', 'xyz')],
  ])('an entry with %s is counted, not taken', (_, text) => {
    const page = parseAtom(text);
    expect(page.papers).toEqual([]);
    expect(page.malformed).toHaveLength(1);
  });

  it.each([
    ['cut off', atomFeed(makePapers(3, ['gr-qc']), 3, 0).slice(0, -40)],
    ['an HTML page', '<!DOCTYPE html>\n<html><body>busy</body></html>'],
    ['JSON', '{"busy": true}'],
    ['nothing', ''],
    ['another document', '<rss><channel/></rss>'],
    ['a count that is none', feed('<totalResults>many</totalResults>')],
    ['of a thousand tags that nobody closes', feed('<a>'.repeat(1000))],
    ['nested too deep', feed('<a>'.repeat(5000) + '</a>'.repeat(5000))],
  ])('%s: worth another attempt', (_, text) => {
    expect(() => parseAtom(text)).toThrow(TransientError);
    // One line that fits on a screen, whatever the parser quotes.
    expect(() => parseAtom(text)).toThrow(/^.{1,250}$/);
  });

  it('an HTML page is told by its title: that of a network asks to sign in', () => {
    const page = '<!DOCTYPE html><html><head><title>\n Campus Wi-Fi </title></head></html>';
    expect(() => parseAtom(page)).toThrow(/is an HTML page \("Campus Wi-Fi"\) instead of XML/);
  });

  it('of more tags than any page has: refused before they fill the memory', () => {
    expect(() => parseAtom(feed('<a/>'.repeat(1_000_001)))).toThrow(/has over 1000000 tags: expected a page/);
  });

  it.each([
    [
      'entities that expand',
      `<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${feed('&b;')}`,
    ],
    [
      'an external entity',
      `<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]>${feed('<title>&x;</title>')}`,
    ],
  ])('%s: refused', (_, text) => {
    expect(() => parseAtom(text)).toThrow(WorkError);
    expect(() => parseAtom(text)).toThrow(/declares a document type/);
  });

  it('an undeclared entity stays as it is', () => {
    expect(parseAtom(entry('').replace('<title>T', '<title>&secret; T')).papers[0]?.title).toBe('&secret; T');
  });
});

describe('ids', () => {
  it.each([
    ['http://arxiv.org/abs/2104.12255v1', '2104.12255', 1],
    ['https://arxiv.org/abs/astro-ph/0601001v2', 'astro-ph/0601001', 2],
    ['math.GT/0309136', 'math/0309136', null],
    ['arXiv:0704.0001', '0704.0001', null],
    ['oai:arXiv.org:cond-mat/9901001', 'cond-mat/9901001', null],
  ])('%s', (text, id, version) => {
    expect(parseArxivId(text)).toEqual({ id, version });
  });

  it.each(['sample-000001', '2104.1', 'http://arxiv.org/api/errors#x', '2104.12255v'])('none: %s', (text) => {
    expect(parseArxivId(text)).toBeNull();
  });
});

const recorded = new URL('../../../shared/data/atom/', import.meta.url);
describe.skipIf(!existsSync(recorded))('recorded answers (../shared/data/atom)', () => {
  const read = (prefix: string): string => {
    const name = readdirSync(recorded).find((file) => file.startsWith(prefix));
    return readFileSync(new URL(name as string, recorded), 'utf8');
  };

  it.each([
    ['arxivpy_q_testing_s0_m100', 214881, 100],
    ['arxivpy_q_testing_s9_m15', 214881, 15],
    ['arxivpy_id_0000.0000', 0, 0],
    ['arxivpy_id_0808.05394_1707', 1, 1],
    ['synthetic_hayian78_arxiv_no_results', 0, 0],
  ])('%s', (name, total, count) => {
    const page = parseAtom(read(name));
    expect(page).toMatchObject({ total, malformed: [], error: null });
    expect(page.papers).toHaveLength(count);
    for (const paper of page.papers) {
      // What is written can be read, and says the same.
      expect(recordOfLine(lineOfPaper(paper))).toMatchObject({
        id: paper.id,
        title: paper.title,
        abstract: paper.abstract,
        categories: paper.categories,
        published: paper.published?.slice(0, 10),
        version: paper.version,
      });
    }
  });

  it('details', () => {
    expect(parseAtom(read('arxivpy_id_2104.12255v1')).papers[0]).toMatchObject({ title: '0', version: 1 });
    expect(parseAtom(read('arxivpy_id_astro-ph_0601001')).papers[0]).toMatchObject({
      id: 'astro-ph/0601001',
      published: '2006-01-02T14:57:58.000Z',
      authors: ['Andrew Gould', 'Susan Dorsher', 'B. Scott Gaudi', 'Andrzej Udalski'],
      journalReference: 'ActaAstron.56:1-50,2006',
    });
    expect(parseAtom(read('arxivpy_id_astro-ph_0601001')).papers[0]?.abstract).toContain('V_max<17.5');
    expect(parseAtom(read('arxivpy_id_abc')).error).toBe('incorrect id format for abc');
    expect(parseAtom(read('synthetic_hayian78_arxiv_error')).error).toBe('incorrect id format for nonsense');
    expect(() => parseAtom(read('synthetic_hayian78_arxiv_malformed'))).toThrow(TransientError);
    expect(parseAtom(read('synthetic_hayian78_arxiv_old')).papers[0]).toMatchObject({
      id: 'hep-th/9901001',
      version: 3,
    });
  });
});
