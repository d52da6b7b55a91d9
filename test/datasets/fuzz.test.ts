import { describe, expect, it } from 'vitest';
import { WorkError } from '../../lib/core/errors.js';
import { Random } from '../../lib/core/random.js';
import { TransientError } from '../../lib/core/retry.js';
import { parseAtom } from '../../lib/datasets/arxiv/atom.js';
import { parseOai } from '../../lib/datasets/arxiv/oai.js';
import { parseArxivId } from '../../lib/datasets/arxiv-id.js';
import { titleKey } from '../../lib/datasets/cleaning/title-key.js';
import { MalformedRecord } from '../../lib/datasets/record.js';
import { CategoryFilter } from '../../lib/datasets/snapshot/category-filter.js';
import { recordOfLine } from '../../lib/datasets/snapshot/record-of-line.js';
import { atomFeed, makePapers, oaiRecord, snapshotLine } from './helpers/corpus.js';
import { mutated } from './helpers/mutated.js';
import { childrenOf, parseStrictly, textOfNode, type XmlNode } from './helpers/xml-reference.js';

/** LLM_EMBEDDING_FUZZ=100000 for the long run. */
const RUNS = Number(process.env.LLM_EMBEDDING_FUZZ ?? 2000);
const papers = makePapers(40, ['gr-qc', 'cs.CV', 'hep-th']);

/** Every mutation within a second, with a result or one of the errors that are meant for it. */
function fuzz(name: string, makeText: (index: number) => string, check: (text: string) => void): void {
  const random = new Random(11, 'fuzz', name);
  for (let run = 0; run < RUNS; run++) {
    const text = mutated(makeText(run), random);
    // not of the wall: others may be busy on the machine
    const start = process.cpuUsage();
    try {
      check(text);
    } catch (error) {
      const isMeant = error instanceof TransientError || error instanceof WorkError || error instanceof MalformedRecord;
      if (!isMeant) throw new Error(`run ${run}: ${JSON.stringify(text.slice(0, 300))}`, { cause: error });
    }
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(1000);
  }
}

interface Read {
  id: string;
  title: string;
  abstract: string;
  categories: string[];
}

/** What a strict XML parser reads there as well: of a document that it accepts, nothing else may have been read. */
function expectSameAsStrict(papers: readonly Read[], records: readonly XmlNode[] | null, abstract: string): void {
  if (records === null) return;
  const strict = records.map((record) =>
    ['id', 'title', abstract].map((name) => textOfNode(childrenOf(record, name)[0])),
  );
  for (const paper of papers) {
    const isThere = ([id, title, text]: string[]): boolean =>
      parseArxivId(id as string)?.id === paper.id && title === paper.title && text === paper.abstract;
    expect(strict.some(isThere), JSON.stringify([paper, strict])).toBe(true);
  }
}

function checkPaper(paper: Read): void {
  expect(parseArxivId(paper.id)?.id).toBe(paper.id);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what bit flips leave behind
  expect(`${paper.title}${paper.abstract}`).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd]/);
  for (const text of [paper.title, paper.abstract, paper.categories[0]]) {
    expect(typeof text === 'string' && text.trim() === text && text !== '').toBe(true);
  }
}

describe(`${RUNS} mutated inputs each`, () => {
  it('feeds of the API', () => {
    fuzz(
      'atom',
      (index) => atomFeed(papers.slice(index % 30, (index % 30) + 2), 40, 0),
      (text) => {
        const page = parseAtom(text);
        expect(page.total === null || Number.isInteger(page.total)).toBe(true);
        for (const paper of page.papers) checkPaper(paper);
        const root = parseStrictly(text);
        expectSameAsStrict(page.papers, root && childrenOf(root, 'entry'), 'summary');
        expect(page.papers.length + page.malformed.length).toBeLessThanOrEqual(text.split(/<[\w:]*entry/).length - 1);
      },
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  }, 600_000);

  it('answers of OAI-PMH', () => {
    fuzz(
      'oai',
      (index) =>
        `<OAI-PMH><ListRecords>${oaiRecord(papers[index % 40]!)}<resumptionToken>t</resumptionToken></ListRecords></OAI-PMH>`,
      (text) => {
        const { papers: read } = parseOai(text);
        for (const paper of read) checkPaper(paper);
        const root = parseStrictly(text);
        const records = root && childrenOf(childrenOf(root, 'ListRecords')[0], 'record');
        const bodies = records?.flatMap((record) => childrenOf(childrenOf(record, 'metadata')[0])) ?? null;
        expectSameAsStrict(read, bodies, 'abstract');
      },
    );
  }, 600_000);

  it('lines of a snapshot: skipped or read as JSON.parse reads them, escapes of HTML undone', () => {
    const filter = new CategoryFilter((category) => category === 'gr-qc');
    fuzz(
      'line',
      (index) => snapshotLine(papers[index % 40]!),
      (text) => {
        const line = text.replaceAll('\n', ' ');
        const bytes = Buffer.from(line);
        const skipped = filter.unwanted(bytes, 0, bytes.length);
        let parsed: Record<string, unknown> = {};
        try {
          parsed = Object(JSON.parse(bytes.toString())) as typeof parsed;
        } catch {
          expect(() => recordOfLine(line)).toThrow(MalformedRecord);
        }
        if (skipped !== null) {
          expect(String(parsed.categories).trim().split(/\s+/)[0]).not.toBe('gr-qc');
          return;
        }
        const record = recordOfLine(bytes.toString());
        // of the escapes of HTML, the mutations put in this one
        const title = String(parsed.title).replaceAll(/&amp;/gi, '&').replaceAll(/&amp;/gi, '&');
        expect(record.title).toBe(title.replace(/\s+/g, ' ').trim());
        expect(record.categories[0]).toBe(String(parsed.categories).trim().split(/\s+/)[0]);
      },
    );
  }, 600_000);

  it('titles', () => {
    const titles = [
      'Comment on "Spectral gaps" [Phys. Rev. 1 (2020)]',
      "Reply to ``Comment on `Fields'''",
      "Erratum: Poincar\\'{e} maps",
    ];
    fuzz(
      'title',
      (index) => titles[index % 3] as string,
      (text) => {
        expect(titleKey(text)).toBe(titleKey(text));
        if (text.trim() !== '') expect(titleKey(text)).not.toBe('');
      },
    );
  }, 600_000);
});

it('no beginning of a feed or a line passes for the whole', () => {
  const feed = atomFeed(papers.slice(0, 2), 2, 0);
  for (let length = 0; length < feed.length; length++)
    expect(() => parseAtom(feed.slice(0, length))).toThrow(TransientError);
  const line = snapshotLine(papers[0]!);
  for (let length = 0; length < line.length; length++)
    expect(() => recordOfLine(line.slice(0, length))).toThrow(MalformedRecord);
});
