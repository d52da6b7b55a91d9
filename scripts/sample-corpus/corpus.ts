/**
 * The corpus: families of papers in each subfield, whose members share two or three of the five facets, so that every
 * paper has near neighbours that are not it (hard negatives).
 */
import { Random } from '../../lib/core/random.js';
import { FrameUse, writeAbstract } from './abstract.js';
import { type Concept, readTopic, type Subfield, type TopicText } from './bank.js';
import { type Draft, draftPaper, FACETS, type Facet, type Facets } from './draft.js';
import { type SampleQuestion, writeQuestion } from './questions.js';
import { writeTitle } from './titles.js';
import { topics } from './topics/index.js';

/** A record as the metadata snapshot of arXiv writes it, as far as it makes sense for a synthetic paper. */
export interface SampleRecord {
  /** "sample.gr-qc.0001": no arXiv identifier looks like this. */
  id: string;
  submitter: string;
  authors: string;
  title: string;
  comments: string;
  /** The primary category first, blank between. */
  categories: string;
  license: string;
  abstract: string;
  /** The first version alone, dated as the snapshot dates it. */
  versions: { version: string; created: string }[];
  /** YYYY-MM-DD. */
  update_date: string;
}

export const DEFAULT_SEED = 20250101;
/** How often a paper is a sibling of the one before it in its subfield. */
const SIBLING_SHARE = 0.2;

/** Makes the whole corpus; a pure function of the seed and the banks. */
export function makeCorpus(seed: number = DEFAULT_SEED, source: readonly TopicText[] = topics): SampleRecord[] {
  return source.flatMap((topic) => makeTopic(topic, seed).map(({ record }) => record));
}

/** A question about each paper that can be asked for in other words than its title's; the papers do not change with it. */
export function makeQuestions(seed: number = DEFAULT_SEED, source: readonly TopicText[] = topics): SampleQuestion[] {
  return source.flatMap((topic) =>
    makeTopic(topic, seed).flatMap(({ record, draft }) => {
      const question = writeQuestion(draft, record, new Random(seed, 'question', record.id));
      return question === null ? [] : [{ paper: record.id, question }];
    }),
  );
}

function makeTopic(topic: TopicText, seed: number): { record: SampleRecord; draft: Draft }[] {
  const subfields = readTopic(topic);
  const random = new Random(seed, 'facets', topic.category);
  const use = new FrameUse();
  const last = new Map<Subfield, Facets>();
  const titles = new Set<string>();
  const combinations = new Set<string>();
  const records: { record: SampleRecord; draft: Draft }[] = [];
  while (records.length < topic.papers) {
    const subfield = subfields[records.length % subfields.length]!;
    const previous = last.get(subfield);
    const facets =
      previous !== undefined && random.uniform() < SIBLING_SHARE
        ? sibling(previous, subfield, random)
        : drawFacets(subfield, random);
    const combination = FACETS.map((facet) => facets[facet].names[0]!.text).join('|');
    if (combinations.has(combination)) continue;
    const number = records.length + 1;
    const paper = new Random(seed, 'paper', topic.category, number, combinations.size);
    const draft = draftPaper(subfield, facets, paper);
    const title = writeTitle(draft, paper);
    combinations.add(combination);
    if (titles.has(title.text.toLowerCase())) continue;
    titles.add(title.text.toLowerCase());
    last.set(subfield, facets);
    const record: SampleRecord = {
      id: `sample.${topic.category}.${String(number).padStart(4, '0')}`,
      submitter: 'llm-embedding',
      authors: 'Synthetic',
      title: title.text,
      comments: 'Synthetic text made by a program; not a real paper',
      categories: categories(subfield, paper),
      license: 'http://creativecommons.org/publicdomain/zero/1.0/',
      abstract: writeAbstract(draft, title, use, paper),
      ...dates(paper),
    };
    records.push({ record, draft });
  }
  return records;
}

const BANK_OF_FACET = {
  phenomenon: 'phenomena',
  object: 'objects',
  method: 'methods',
  setting: 'settings',
  result: 'results',
} as const;

function drawFacets(subfield: Subfield, random: Random): Facets {
  const draw = (facet: Facet): Concept => random.pick(subfield[BANK_OF_FACET[facet]]);
  return {
    phenomenon: draw('phenomenon'),
    object: draw('object'),
    method: draw('method'),
    setting: draw('setting'),
    result: draw('result'),
  };
}

/** Keeps two or three facets and draws the others anew. */
function sibling(previous: Facets, subfield: Subfield, random: Random): Facets {
  const fresh = drawFacets(subfield, random);
  const kept = random.shuffle(FACETS).slice(0, 2 + random.integer(2));
  for (const facet of kept) fresh[facet] = previous[facet];
  return fresh;
}

/** The primary category, its alias, and up to two cross-lists. */
function categories(subfield: Subfield, random: Random): string {
  const alias = subfield.primary === 'math-ph' ? ['math.MP'] : [];
  const share = random.uniform();
  const count = share < 0.4 ? 0 : share < 0.8 ? 1 : 2;
  const crossLists = random.shuffle(subfield.crossLists.filter((category) => category !== subfield.primary));
  return [subfield.primary, ...crossLists.slice(0, count), ...alias].join(' ');
}

const DAY = 86_400_000;
const FIRST_DAY = Date.UTC(2012, 0, 1);
const LAST_DAY = Date.UTC(2024, 11, 31);

function dates(random: Random): Pick<SampleRecord, 'versions' | 'update_date'> {
  const day = FIRST_DAY + random.integer((LAST_DAY - FIRST_DAY) / DAY) * DAY + random.integer(DAY / 1000) * 1000;
  const created = new Date(day).toUTCString();
  return { versions: [{ version: 'v1', created }], update_date: new Date(day + DAY).toISOString().slice(0, 10) };
}
