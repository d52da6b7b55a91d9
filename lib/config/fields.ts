/**
 * Fields of arXiv in one word: for each the nine categories of the experiment, by their roles. An archive ("astro-ph")
 * stands for all its classes. Names and scopes are those of https://arxiv.org/category_taxonomy; which are neighbours is
 * our choice: `soft` ones share subjects with the field, `hard` ones its methods and words but not its subjects,
 * `cross-domain` ones a tool here and there, `different` ones next to nothing.
 */
import { didYouMean } from '../core/did-you-mean.js';
import { UserError } from '../core/errors.js';
import { ROLES, type Role } from './names.js';

/** What `--field` takes: an archive of arXiv, or "hep" for the four of high-energy physics. */
export type FieldName = 'astro-ph' | 'gr-qc' | 'hep' | 'cond-mat' | 'math' | 'cs' | 'q-bio' | 'stat';

/** A field to search, and what surrounds it. */
export interface Field {
  /** In words: "astrophysics". */
  meaning: string;
  categories: Record<Role, readonly string[]>;
}

const field = (
  meaning: string,
  main: string,
  soft: string,
  hard: string,
  crossDomain: string,
  different: string,
): Field => {
  const list = (names: string): string[] => names.split(' ');
  return {
    meaning,
    categories: {
      main: list(main),
      soft: list(soft),
      hard: list(hard),
      'cross-domain': list(crossDomain),
      different: list(different),
    },
  };
};

/** By the word that `--field` and `datasets.field` take. */
export const FIELDS: Readonly<Record<FieldName, Field>> = {
  'astro-ph': field(
    'astrophysics',
    'astro-ph',
    'gr-qc hep-ph',
    'physics.space-ph physics.plasm-ph',
    'cs.LG cs.CV stat.ME',
    'q-bio',
  ),
  'gr-qc': field(
    'general relativity and quantum cosmology',
    'gr-qc',
    'hep-th astro-ph.CO',
    'math-ph cond-mat.stat-mech',
    'cs.LG cs.AI stat.ML',
    'q-bio',
  ),
  hep: field('high-energy physics', 'hep-ph hep-th hep-ex hep-lat', 'nucl-th gr-qc', 'math-ph', 'cs.LG', 'q-bio'),
  'cond-mat': field(
    'condensed matter',
    'cond-mat',
    'quant-ph physics.chem-ph',
    'hep-th math-ph',
    'cs.LG stat.ML eess.SP',
    'cs.CL',
  ),
  math: field('mathematics', 'math', 'math-ph cs.DM', 'hep-th cs.LO', 'cs.LG stat.ME quant-ph', 'q-bio'),
  cs: field('computer science', 'cs', 'stat.ML eess', 'math.OC math.CO', 'physics.comp-ph q-bio.QM econ', 'astro-ph'),
  'q-bio': field(
    'quantitative biology',
    'q-bio',
    'physics.bio-ph physics.med-ph',
    'cond-mat.soft stat.AP',
    'cs.LG cs.CV stat.ML',
    'gr-qc',
  ),
  stat: field('statistics', 'stat', 'math.ST econ.EM', 'math.PR cs.LG', 'cs.AI q-bio.QM physics.data-an', 'gr-qc'),
};

/** All fields, in the order of the documents. */
export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];

/** @throws UserError for a word that is no field */
export function fieldCategories(name: unknown): Record<Role, string[]> {
  if (typeof name === 'string' && Object.hasOwn(FIELDS, name)) {
    const { categories } = FIELDS[name as FieldName];
    return Object.fromEntries(ROLES.map((role) => [role, [...categories[role]]])) as Record<Role, string[]>;
  }
  const text = typeof name === 'string' ? `"${name}"` : JSON.stringify(name);
  const hint = typeof name === 'string' ? didYouMean(name, FIELD_NAMES) : '';
  throw new UserError(
    `unknown field ${text}: expected ${FIELD_NAMES.join(', ')}${hint || '; other categories go by role, as in datasets.categories.main=nucl-th,nucl-ex'}`,
  );
}

/** The field that has exactly these categories in these roles; null where none has. */
export function fieldOf(categories: Partial<Record<Role, readonly string[]>>): FieldName | null {
  const text = (of: Partial<Record<Role, readonly string[]>>): string =>
    JSON.stringify(ROLES.map((role) => [...(of[role] ?? [])].sort()));
  return FIELD_NAMES.find((name) => text(FIELDS[name].categories) === text(categories)) ?? null;
}
