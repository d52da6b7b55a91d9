/**
 * An encoder of this project as the embeddings of LangChain.js, in its own process and without a server:
 *
 *   npm install @langchain/core
 *   node examples/langchain.mjs checkpoints/experiment
 */
import { pathToFileURL } from 'node:url';
import { Embeddings } from '@langchain/core/embeddings';
import { loadEncoder } from 'llm-embedding';

/** Give it to a vector store of LangChain.js; close the encoder when the store is no longer needed. */
export class LlmEmbeddings extends Embeddings {
  constructor(encoder, options = {}) {
    super(options);
    this.encoder = encoder;
  }

  async embedDocuments(texts) {
    const vectors = await this.caller.call(() => this.encoder.encodeDocuments(texts));
    return vectors.map((vector) => Array.from(vector));
  }

  async embedQuery(text) {
    const [vector] = await this.caller.call(() => this.encoder.encodeQueries([text]));
    return Array.from(vector);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const encoder = await loadEncoder(process.argv[2] ?? 'sample');
  const embeddings = new LlmEmbeddings(encoder);
  const query = await embeddings.embedQuery('dark matter halos');
  const documents = await embeddings.embedDocuments([
    'Halos of dark matter grow by mergers.',
    'We train a translator.',
  ]);
  const cosines = documents.map((document) => document.reduce((sum, value, i) => sum + value * query[i], 0));
  console.log(cosines.map((cosine) => cosine.toFixed(3)).join(' '));
  await encoder.close();
}
