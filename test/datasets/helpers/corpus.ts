/** Small papers of our own for the tests of step 1, and the ways in which they come: Atom, OAI-PMH, snapshot lines. */
import { Random } from '../../../lib/core/random.js';

export interface TestPaper {
  id: string;
  version: number;
  title: string;
  abstract: string;
  categories: string[];
  /** ISO date and time. */
  published: string;
  comments?: string;
}

const WORDS =
  'boundary spectral lattice entropy horizon diffusion gradient kernel vacuum tensor inflation neural random matrix protein network field scalar curvature metric phase transition learning sampling graph kinetic quantum thermal'.split(
    ' ',
  );

/** Papers with different titles, one a day from 2015 on, cross-listed now and then. */
export function makePapers(count: number, categories: string[], seed = 1): TestPaper[] {
  const random = new Random(seed, 'test papers');
  const sentence = (words: number): string => Array.from({ length: words }, () => random.pick(WORDS)).join(' ');
  return Array.from({ length: count }, (_, index) => {
    const primary = categories[index % categories.length] as string;
    const other = random.pick(categories);
    const date = new Date(Date.UTC(2015, 0, 1 + index, 12)).toISOString();
    return {
      id: `${date.slice(2, 4)}${date.slice(5, 7)}.${String(10000 + index)}`,
      version: 1 + random.integer(3),
      title: `${sentence(6)} number ${index}`,
      abstract: `We study the ${sentence(20)} and show that the ${sentence(12)} is of the order of the ${sentence(5)} & more.`,
      categories: other === primary ? [primary] : [primary, other],
      published: date,
    };
  });
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function atomEntry(paper: TestPaper): string {
  return `<entry>
    <id>http://arxiv.org/abs/${paper.id}v${paper.version}</id>
    <title>${escapeXml(paper.title)}</title>
    <updated>${paper.published}</updated>
    <summary>${escapeXml(paper.abstract)}</summary>
    ${paper.categories.map((name) => `<category term="${name}" scheme="http://arxiv.org/schemas/atom"/>`).join('')}
    <published>${paper.published}</published>
    ${paper.comments ? `<arxiv:comment>${escapeXml(paper.comments)}</arxiv:comment>` : ''}
    <arxiv:primary_category term="${paper.categories[0]}"/>
    <author><name>Zo&#235; M&#252;ller</name></author>
  </entry>`;
}

export function atomFeed(papers: readonly TestPaper[], total: number, start: number): string {
  return `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>http://arxiv.org/api/test</id><title>arXiv Query</title>
  <opensearch:itemsPerPage>${papers.length}</opensearch:itemsPerPage>
  <opensearch:totalResults>${total}</opensearch:totalResults>
  <opensearch:startIndex>${start}</opensearch:startIndex>
  ${papers.map(atomEntry).join('\n')}
</feed>`;
}

export function oaiRecord(paper: TestPaper): string {
  return `<record><header><identifier>oai:arXiv.org:${paper.id}</identifier><datestamp>${paper.published.slice(0, 10)}</datestamp></header>
    <metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>${paper.id}</id><created>${paper.published.slice(0, 10)}</created>
    <authors><author><keyname>Müller</keyname><forenames>Zoë</forenames></author></authors>
    <title>${escapeXml(paper.title)}</title><categories>${paper.categories.join(' ')}</categories>
    <abstract>  ${escapeXml(paper.abstract)}\n</abstract></arXiv></metadata></record>`;
}

/** A line of a metadata snapshot. */
export function snapshotLine(paper: TestPaper): string {
  return JSON.stringify({
    id: paper.id,
    submitter: 'Zoë Müller',
    title: paper.title,
    comments: paper.comments ?? null,
    categories: paper.categories.join(' '),
    abstract: `  ${paper.abstract}\n`,
    versions: Array.from({ length: paper.version }, (_, index) => ({
      version: `v${index + 1}`,
      created: new Date(Date.parse(paper.published) + index * 1e9).toUTCString(),
    })),
    update_date: paper.published.slice(0, 10),
  });
}
