/** Names that several sections of the configuration share. */

/** The five parts a topic can play, from the searched-for field to fields that share no vocabulary with it. */
export const ROLES = ['main', 'soft', 'hard', 'cross-domain', 'different'] as const;
export type Role = (typeof ROLES)[number];

/** The seven linear layers of a Qwen2 block that LoRA can adapt, by their names in the checkpoint. */
export const LINEAR_MODULES = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const;
export type LinearModule = (typeof LINEAR_MODULES)[number];
