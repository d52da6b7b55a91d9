/**
 * Searches texts of one's own with an encoder that was trained here:
 *
 *   node examples/search.mjs checkpoints/experiment "primordial black holes"
 */
import { loadEncoder } from 'llm-embedding';

const [source = 'sample', query = 'gravitational waves from merging black holes'] = process.argv.slice(2);
const texts = [
  'We measure the spin of two black holes from the waves of their merger.',
  'A sparse attention mechanism lowers the memory of language models.',
  'The folding of small proteins is followed by single-molecule fluorescence.',
];

const encoder = await loadEncoder(source);
const index = await encoder.index(texts);
for (const { id, score } of await index.search(query, 3)) console.log(score.toFixed(3), texts[Number(id)]);
await encoder.close();
