/** Names that several sections of the configuration share. */

/** The five parts a topic can play, from the searched-for field to fields that share no vocabulary with it. */
export const ROLES = ['main', 'soft', 'hard', 'cross-domain', 'different'] as const;
export type Role = (typeof ROLES)[number];
