/** What the documents point at is there, and their pictures of the folders are those of the code. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DIRECTLY_BELOW } from '../architecture/arrows.js';

const documents = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
  'data/README.md',
  'lib/datasets/README.md',
  'checkpoints/README.md',
];

describe.each(documents)('%s', (path) => {
  const text = readFileSync(path, 'utf8');

  it('links to files that are there, and to headings that are in them', () => {
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? match[2]!);
    const missing = targets
      .filter((target) => !/^(https?|mailto):/.test(target))
      .filter((target) => {
        const [file, anchor] = target.split('#') as [string, string?];
        const linked = file === '' ? path : join(dirname(path), file);
        return !existsSync(linked) || (anchor !== undefined && !anchorsOf(linked).includes(anchor));
      });
    expect(missing).toEqual([]);
  });

  it('names files of the repository that are there', () => {
    const named = [...text.matchAll(/`((?:lib|test|cli|scripts|bench)\/[\w./-]+)`/g)].map((match) => match[1]!);
    expect(named.filter((name) => name !== 'bench/results/' && !existsSync(name))).toEqual([]);
  });
});

function anchorsOf(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

it('CONTRIBUTING.md lists every folder of lib with what it imports', () => {
  const rows = [...readFileSync('CONTRIBUTING.md', 'utf8').matchAll(/^\| `lib\/(\w+)` +\|[^|]*\| ([^|]*)\|$/gm)];
  const listed = Object.fromEntries(
    rows.map(([, folder, below]) => [folder!, [...below!.matchAll(/`(\w+)`/g)].map(([, name]) => name!)]),
  );
  expect(listed).toEqual(DIRECTLY_BELOW);
});

it('docs/architecture.md draws the arrows of the layout', () => {
  const drawn = [...readFileSync('docs/architecture.md', 'utf8').matchAll(/^ {2}(\w+) --> (\w+)$/gm)];
  const arrows = Object.entries(DIRECTLY_BELOW).flatMap(([from, below]) => below.map((to) => `${from} --> ${to}`));
  expect(drawn.map(([, from, to]) => `${from} --> ${to}`)).toEqual(arrows);
});
