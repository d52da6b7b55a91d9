/** What kind of system, as the report names it. */

/** `custom` is that of systems which are registered from outside the library. */
export type SystemKind = 'untuned' | 'tuned' | 'bm25' | 'openai' | 'transformers' | 'hybrid' | 'custom';
