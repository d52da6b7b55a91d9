/** Tokens and papers below a notebook cell: as text outside of a kernel, as HTML that executes nothing inside of one. */
import { createRequire } from 'node:module';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { SplitPaper } from '../../lib/datasets/paper.js';
import { showPaper } from '../../lib/display/notebook/show-paper.js';
import { showTokens } from '../../lib/display/notebook/show-tokens.js';

const require = createRequire(import.meta.url);
const KERNEL = '/somewhere/node_modules/tslab/dist/jupyter.js';
let printed: string;
let html: string[];

beforeEach(() => {
  [printed, html] = ['', []];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  delete require.cache[KERNEL];
  vi.restoreAllMocks();
});

/** The loaded module of tslab, with the function that cells write with. */
function startKernel(): void {
  const lastWriteDisplayData = ({ data }: { data: Record<string, string> }) => html.push(data['text/html'] ?? '');
  require.cache[KERNEL] = { exports: { lastWriteDisplayData } } as unknown as NodeJS.Module;
}

const pieces = [
  { id: 785, text: 'The' },
  { id: 2070, text: ' <script>' },
  { id: 198, text: '\n' },
  { id: 9, text: '' },
];
const paper: SplitPaper = {
  id: '2101.00001',
  title: 'Waves <img src=x onerror=alert(1)>',
  abstract: 'On "curved" space & time.',
  topic: 'gr-qc',
  role: 'main',
  categories: ['gr-qc', 'hep-th'],
  published: '2021-01-01',
  split: 'test',
};

it('tokens are told with their ids, spaces and part of a character drawn', () => {
  showTokens(pieces);
  expect(printed).toBe('The(785) ␣<script>(2070) ↵(198) ·(9)\n4 tokens\n');
});

it('a paper is told with where it belongs', () => {
  showPaper(paper);
  const [title, facts, abstract] = printed.trimEnd().split('\n');
  expect([title, abstract]).toEqual([paper.title, paper.abstract]);
  for (const fact of ['2101.00001', 'gr-qc (main)', 'gr-qc, hep-th', '2021-01-01', 'test'])
    expect(facts).toContain(fact);
  showPaper({ ...paper, published: null });
  expect(printed).toContain('no date');
});

it('neither is markup in a cell', () => {
  startKernel();
  showTokens(pieces);
  showPaper(paper);
  expect(printed).toBe('');
  const [tokens, shown] = html;
  expect(tokens).toContain('␣&lt;script&gt;');
  expect(tokens).toContain('2070');
  expect(shown).toContain('Waves &lt;img src=x onerror=alert(1)&gt;');
  expect(html.join('')).not.toMatch(/<(script|img)/);
});
