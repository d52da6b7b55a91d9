/** The recipe of CONTRIBUTING: a source from outside lib is one object and one call. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type DataSource, loadDataset, registerSource, resolveConfig, sourceHelp } from '../../lib/index.js';

const folder = mkdtempSync(join(tmpdir(), 'recipe-source-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** BibTeX, as far as a test needs it: entries of one line each. */
const bibtex: DataSource = {
  name: 'bibtex',
  help: 'a BibTeX file with abstracts (.bib)',
  expects: 'entries with title and abstract',
  endings: ['.bib'],
  recognizes: ({ beginning }) => /^@\w+\{/.test(beginning.lines[0] ?? ''),
  async *read(path, context) {
    const { readFile } = await import('node:fs/promises');
    const lines = (await readFile(path, 'utf8')).trim().split('\n');
    for (const [i, line] of lines.entries()) {
      const field = (name: string): string | undefined => new RegExp(`${name} = \\{([^}]*)\\}`).exec(line)?.[1];
      const [id, title, abstract] = [/^@\w+\{(\w+),/.exec(line)?.[1], field('title'), field('abstract')];
      if (!id || !title || !abstract) context.malformed(i + 1, 'no entry with title and abstract');
      else yield { id, version: null, title, abstract, categories: ['corpus'], published: null, comments: '' };
    }
  },
};

it('a source from outside is one object and one call', async () => {
  expect(sourceHelp()).not.toContain('BibTeX');
  registerSource(bibtex);
  expect(() => registerSource(bibtex)).toThrow(/"bibtex" is registered already/);
  expect(sourceHelp()).toContain('a BibTeX file with abstracts (.bib)');

  const entries = ['spectral lattices', 'entropy of horizons', 'kinetic graphs'].map(
    (topic, i) =>
      `@article{key${i}, title = {On the ${topic}}, abstract = {We study the ${topic} and show that they are of the order of the vacuum in all the cases that this paper looks at in its sections.}}`,
  );
  const path = join(folder, 'own.bib');
  writeFileSync(path, `${entries.join('\n')}\n@comment{nothing}\n`);
  const messages: string[] = [];
  const { papers, cleaning } = await loadDataset(resolveConfig({ input: { datasets: { source: path } } }), {
    onMessage: ({ text }) => messages.push(text),
  });
  expect(papers.map(({ id }) => id).sort()).toEqual(['key0', 'key1', 'key2']);
  expect(cleaning).toMatchObject({ records: 4, malformed: 1, kept: 3 });
  expect(messages.join('\n')).toContain('the first is line 4: no entry with title and abstract');
});
