/** Names that several sections of the configuration share. */

/** The five parts a topic can play, from the searched-for field to fields that share no vocabulary with it. */
export const ROLES = ['main', 'soft', 'hard', 'cross-domain', 'different'] as const;
/** What the papers of a topic are to the main one; from the searched-for field to fields that share no vocabulary with it. */
export type Role = (typeof ROLES)[number];
