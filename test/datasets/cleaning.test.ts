import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PaperCollector } from '../../lib/datasets/cleaning/collect.js';
import { emptyCleaningCounts } from '../../lib/datasets/cleaning/counts.js';
import { isEnglish } from '../../lib/datasets/cleaning/language.js';
import { groupDuplicates } from '../../lib/datasets/cleaning/near-duplicates.js';
import { isWithdrawn, titleInAbstract, wordCount } from '../../lib/datasets/cleaning/rules.js';
import { SeenVersions } from '../../lib/datasets/cleaning/seen-versions.js';
import { SIMILARITY } from '../../lib/datasets/cleaning/similar-titles.js';
import { titleKey } from '../../lib/datasets/cleaning/title-key.js';
import type { SourceRecord } from '../../lib/datasets/record.js';
import { topicLookup } from '../../lib/datasets/topics.js';

describe('withdrawn papers', () => {
  it.each([
    'This paper has been withdrawn by the author due to a crucial error in equation 3.',
    'This paper has been withdrawn',
    'Withdrawn.',
    'The submission was withdrawn because its results are superseded by arXiv:1001.1234',
    'This article was retracted by the authors.',
    'We study the lattice. This manuscript has been temporarily withdrawn for a revision.',
    'The authors have withdrawn this paper because of a mistake.',
  ])('%s', (abstract) => {
    expect(isWithdrawn({ abstract, comments: '' })).toBe(true);
  });

  it.each([
    'We study the response of the ice sheet when the load is withdrawn and the bedrock rebounds.',
    'Data on retracted papers show that citations persist for years after the retraction notice.',
    `We model long-term memory. ${'It stores records of many kinds. '.repeat(15)} We show that a paper that has been withdrawn may still be cited.`,
  ])('not: %s', (abstract) => {
    expect(isWithdrawn({ abstract, comments: '' })).toBe(false);
  });

  it('reads the comment too', () => {
    const abstract = 'We study the lattice and find that it is a lattice.';
    expect(isWithdrawn({ abstract, comments: 'This paper has been withdrawn by the author' })).toBe(true);
    expect(isWithdrawn({ abstract, comments: '12 pages, 3 figures' })).toBe(false);
  });
});

describe('language', () => {
  it.each([
    [
      'French',
      'Nous étudions les trous noirs dans le cadre de la relativité générale et nous montrons que la masse est bornée par une constante qui ne dépend que de la charge et du moment.',
    ],
    [
      'French in TeX',
      "Depuis une trentaine d'ann\\'{e}es, les ing\\'{e}nieurs utilisent couramment des analogies avec l'\\'{e}volution naturelle pour optimiser des dispositifs dans le cadre de la conception et de la fabrication.",
    ],
    [
      'German',
      'Wir untersuchen die Struktur der schwarzen Löcher in der allgemeinen Relativitätstheorie und zeigen, dass die Masse durch eine Konstante beschränkt ist, die nicht von der Ladung abhängt.',
    ],
    [
      'Spanish',
      'En este trabajo se estudia la estructura de los agujeros negros en la teoría de la relatividad general y se demuestra que la masa es acotada por una constante que no depende de la carga.',
    ],
    ['Russian', 'Мы изучаем структуру черных дыр в общей теории относительности и показываем, что масса ограничена.'],
  ])('%s is not English', (_, text) => {
    expect(isEnglish(text)).toBe(false);
  });

  it.each([
    'We study black holes in general relativity and show that the mass is bounded by a constant.',
    'LLM-as-judge frameworks are increasingly used for automatic NLG evaluation, yet their per-instance reliability remains poorly understood.',
    'Dynamical de Sitter vacua: la Cygne et le signal.',
    'Short.',
    'The black hole is studied in general relativity and we show that the mass of it is bounded. Résumé: nous étudions les trous noirs dans le cadre de la relativité générale et nous montrons que la masse est bornée.',
  ])('English, or not to be told: %s', (text) => {
    expect(isEnglish(text)).toBe(true);
  });
});

describe('title keys', () => {
  const title = 'Gravitational lensing by rotating black holes';
  it.each([
    `Comment on "${title}"`,
    `Comment on \`\`${title}''`,
    `Comments on the paper '${title}' by A. Nobody and B. Nobody`,
    `A comment on “${title}” [Phys. Rev. D 101, 024001 (2020)]`,
    `Reply to Comment on "${title}"`,
    `Reply to \`\`Comment on \`${title}'''`,
    `Response to: "${title}"`,
    `Erratum: ${title}`,
    `${title}: Erratum`,
    `${title} (Corrigendum)`,
    `Addendum to "${title}" (arXiv:1234.56789)`,
    `Comment: ${title}`,
    `On black holes: Response to "${title}"`,
    `  gravitational LENSING by rotating   black-holes.`,
  ])('%s', (variant) => {
    expect(titleKey(variant)).toBe(titleKey(title));
  });

  it.each([
    ['Response of a Kerr black hole to a tidal perturbation', 'a Kerr black hole to a tidal perturbation'],
    ['Replying machines', 'machines'],
    ['Commentary in networks', 'networks'],
  ])('%s keeps its own', (own, other) => {
    expect(titleKey(own)).not.toBe(titleKey(other));
  });

  it('folds TeX, accents and case', () => {
    expect(titleKey('Reissner-Nordstr\\"om in $\\Lambda$CDM')).toBe(titleKey('reissner nordström in \\Lambda{}CDM'));
    expect(titleKey("Poincar\\'{e} maps")).toBe('poincare maps');
  });

  it('is never empty', () => {
    expect(titleKey('!!!')).toBe('!!!');
    expect(titleKey('Comment')).toBe('comment');
    expect(titleKey('Erratum:')).not.toBe('');
  });
});

describe('near duplicates', () => {
  const paper = (
    id: string,
    title: string,
    abstract = `about ${id}`,
    published: string | null = null,
  ): { id: string; title: string; abstract: string; published: string | null } => ({ id, title, abstract, published });

  it('groups a paper with its comment, a later version under another id, and an equal abstract', async () => {
    const groups = await groupDuplicates([
      paper('3', 'Comment on "Spectral gaps of the lattice"', 'a comment', '2012-01-01'),
      paper('1', 'Spectral gaps of the lattice', 'the abstract', '2010-01-01'),
      paper('2', 'The spectral gap of the lattice', 'another abstract', '2011-01-01'),
      paper('4', 'Something else entirely and new', 'The  ABSTRACT!', '2009-01-01'),
      paper('5', 'Quite another thing under the sun', 'of its own', '2009-01-01'),
    ]);
    expect(new Set(groups.slice(0, 4).map((group) => group.groupKey)).size).toBe(1);
    expect(groups[4]!.groupKey).not.toBe(groups[0]!.groupKey);
    expect(groups[0]!.groupDate).toBe('2009-01-01');
  });

  it('finds the same similar titles as comparing all with all', async () => {
    const words = 'horizon lattice kernel entropy graph tensor field metric neural vacuum phase matrix'.split(' ');
    const title = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(fc.array(title, { maxLength: 40 }), async (titles) => {
        const papers = titles.map((list, index) => paper(String(index), list.join(' ')));
        const groups = await groupDuplicates(papers);
        const sets = titles.map((list) => new Set(list));
        const parent = papers.map((_, index) => index);
        const root = (index: number): number => (parent[index] === index ? index : root(parent[index]!));
        for (let a = 0; a < papers.length; a++) {
          for (let b = 0; b < a; b++) {
            const common = [...sets[a]!].filter((word) => sets[b]!.has(word)).length;
            const similar = common / (sets[a]!.size + sets[b]!.size - common) >= SIMILARITY;
            const both = Math.min(sets[a]!.size, sets[b]!.size) >= 4;
            const equal = titles[a]!.join('') === titles[b]!.join('');
            if (equal || (similar && both)) parent[root(a)] = root(b);
          }
        }
        for (let a = 0; a < papers.length; a++) {
          for (let b = 0; b < a; b++) {
            const together = root(a) === root(b);
            // Keys of different groups can be equal only if the groups are one.
            expect(groups[a]!.groupKey === groups[b]!.groupKey).toBe(together);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('collecting', () => {
  const record = (id: string, version: number | null, change: Partial<SourceRecord> = {}): SourceRecord => ({
    id,
    version,
    title: `Title of ${id}`,
    abstract:
      'We study the field and show that it is the field of the study that we show in this paper and in others too.',
    categories: ['gr-qc'],
    published: null,
    comments: '',
    ...change,
  });
  const collect = (
    records: SourceRecord[],
    cap: number | null = null,
  ): { ids: string[]; titles: string[]; counts: ReturnType<typeof emptyCleaningCounts> } => {
    const counts = emptyCleaningCounts();
    const lookup = topicLookup([
      { name: 'gr-qc', role: 'main' },
      { name: 'q-bio', role: 'different' },
    ]);
    const collector = new PaperCollector({ lookup, minAbstractWords: 10, englishOnly: true, cap, seed: 1 }, counts);
    for (const one of records) collector.add(one);
    const papers = collector.papers();
    return { ids: papers.map((paper) => paper.id), titles: papers.map((paper) => paper.title), counts };
  };

  it('keeps the latest version of a paper, once, in whatever order the versions come', () => {
    const versions = [
      record('a', 1, { title: 'first' }),
      record('a', 3, { title: 'third' }),
      record('a', 2, { title: 'second' }),
      record('a', 3),
    ];
    const { titles, counts } = collect(versions);
    expect(titles).toEqual(['third']);
    expect(counts.revisions).toBe(2);
    expect(counts.repeated).toBe(1);
  });

  it('a withdrawn last version takes the paper away', () => {
    const { ids, counts } = collect([record('a', 1), record('a', 2, { abstract: 'This paper has been withdrawn.' })]);
    expect(ids).toEqual([]);
    expect(counts).toMatchObject({ revisions: 1, withdrawn: 1 });
  });

  it('takes the topic of the primary category, of whole archives too', () => {
    const { ids, counts } = collect([
      record('a', 1, { categories: ['q-bio.NC', 'gr-qc'] }),
      record('b', 1, { categories: ['hep-th', 'gr-qc'] }),
      record('c', 1, { categories: ['q-bio'] }),
    ]);
    expect(ids).toEqual(['a', 'c']);
    expect(counts.otherTopics).toBe(1);
  });

  it('drops short abstracts', () => {
    expect(collect([record('a', 1, { abstract: 'Too short.' })]).counts.shortAbstracts).toBe(1);
  });

  it('counts every record once, whatever the versions, their faults and their order', () => {
    const abstracts = [
      undefined,
      'Too short.',
      'This paper has been withdrawn.',
      'Nous étudions le champ et nous montrons que la masse est une constante dans le cadre de la théorie et des champs.',
    ];
    const kind = fc.record({
      id: fc.nat(400),
      version: fc.integer({ min: 1, max: 4 }),
      abstract: fc.constantFrom(...abstracts),
      topic: fc.constantFrom('gr-qc', 'q-bio.NC', 'cs.CV'),
    });
    fc.assert(
      fc.property(
        fc.array(kind, { minLength: 300, maxLength: 900, size: 'max' }),
        fc.constantFrom(null, 3),
        (kinds, cap) => {
          const { ids, counts } = collect(
            kinds.map(({ id, version, abstract, topic }) =>
              record(`p${id}`, version, { ...(abstract === undefined ? {} : { abstract }), categories: [topic] }),
            ),
            cap,
          );
          const left = Object.values(counts).reduce((sum, count) => sum + count, 0);
          expect(ids.length + left).toBe(kinds.length);
          expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(0);
          expect(new Set(ids).size).toBe(ids.length);
        },
      ),
      { numRuns: 100, seed: 5 },
    );
  });

  it('keeps a bounded number of papers while it reads, the same whatever the order', () => {
    const records = Array.from({ length: 2000 }, (_, index) => record(`p${index}`, 1));
    const forwards = collect(records, 50);
    const backwards = collect(records.slice().reverse(), 50);
    expect(forwards.ids.length).toBeLessThanOrEqual(2 * 153);
    const shared = new Set(forwards.ids);
    expect(backwards.ids.filter((id) => shared.has(id)).length).toBeGreaterThanOrEqual(50);
    expect(forwards.ids.length + forwards.counts.beyondCap).toBe(2000);
  });
});

it('remembers versions like a Map of ids', () => {
  const seen = new SeenVersions();
  const reference = new Map<string, number>();
  for (let index = 0; index < 20_000; index++) {
    const id = `${1000 + (index % 1200)}.${10000 + ((index * 7919) % 15_000)}`;
    const before = reference.get(id);
    const version = (index * 31) % 9;
    expect(seen.meet(id, version)).toBe(before);
    reference.set(id, Math.max(version, before ?? 0));
  }
  expect(seen.meet('never/0000000', 1)).toBeUndefined();
});

it('counts words and finds titles in abstracts', () => {
  expect(wordCount('one two three')).toBe(3);
  expect(wordCount('one two three', 2)).toBe(2);
  expect(wordCount('')).toBe(0);
  expect(titleInAbstract({ title: 'Deep Fields of Gravity.', abstract: 'In deep fields of gravity we see.' })).toBe(
    true,
  );
  expect(titleInAbstract({ title: 'Gravity', abstract: 'Gravity is here.' })).toBe(false);
});
