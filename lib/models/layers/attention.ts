/**
 * Scaled dot-product attention over heads (Vaswani et al., 2017, arXiv:1706.03762), where H query heads share K pairs of
 * keys and values (grouped queries; Ainslie et al., 2023, arXiv:2305.13245); K = H is the ordinary kind.
 */
import * as tf from '@tensorflow/tfjs';

/**
 * @param query [B, H, S, E]  @param key [B, K, S, E]  @param value [B, K, S, E]
 * @param bias added to the scores, broadcast to [B, H, S, S]
 * @returns [B*S, H*E]
 */
export function attend(query: tf.Tensor, key: tf.Tensor, value: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const [batch, heads, sequence, width] = query.shape as [number, number, number, number];
  const groups = key.shape[1] as number;
  // The heads of a group stand one after the other, so [B, H, S, E] is [B * K, (H / K) * S, E]: one product a group,
  // and no copies of keys and values.
  const rows = (heads / groups) * sequence;
  const fold = (t: tf.Tensor, length: number): tf.Tensor => tf.reshape(t, [batch * groups, length, width]);
  const scaled = tf.mul(query, 1 / Math.sqrt(width));
  const scores = tf.matMul(fold(scaled, rows), fold(key, sequence), false, true);
  const weights = tf.softmax(tf.add(tf.reshape(scores, [batch, heads, sequence, sequence]), bias));
  const mixed = tf.matMul(tf.reshape(weights, [batch * groups, rows, sequence]), fold(value, sequence));
  const merged = tf.transpose(tf.reshape(mixed, [batch, heads, sequence, width]), [0, 2, 1, 3]);
  return tf.reshape(merged, [batch * sequence, heads * width]);
}
