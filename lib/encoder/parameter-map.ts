/** Parameters by name, on this side. */

/**
 * The matrices by name: `layers.0.self_attn.q_proj.lora_A` [rank, in] and `….lora_B` [out, rank]. In every layer and for
 * every target module there are both.
 */
export type ParameterMap = Map<string, { shape: number[]; data: Float32Array }>;
