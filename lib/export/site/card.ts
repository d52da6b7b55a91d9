/** README.md of an exported page: what it is, and how it is put on the web. */
import { formatBytes, formatQuantity } from '../../display/format.js';
import type { CardContent } from '../card/content.js';
import { code, plain } from '../card/markdown.js';

export function siteCard({ title, variants, version, source }: CardContent): string {
  const { agreement, precision, bytes } = variants[0] ?? { bytes: 0, precision: '' };
  const same = agreement
    ? `\n\nOf ${formatQuantity(agreement.queries, 'titles')} as queries, the first ${formatQuantity(agreement.depth, 'papers')} were those of ${code('llm-embedding search')} in the same order by meaning for ${agreement.same.encoder}, by words for ${agreement.same.bm25} and by both for ${agreement.same.hybrid}.`
    : '';
  return `# ${plain(title)}: a search page

Static files that search papers in the browser of whoever opens them, with the encoder ${plain(source.name)} (${plain(precision)}, ${formatBytes(bytes)}). Nothing that is typed leaves the browser. After the first visit the page works without a connection.${same}

To look at it: ${code('npx serve')} or ${code('python3 -m http.server')} in this folder. To publish it: put all files of this folder, as they are, on any web server, in any folder of it. On GitHub Pages, commit them to the branch that is published.

The page holds the titles and abstracts of the papers, and the weights of the encoder: publish it only where both may be published.

Made by llm-embedding ${plain(version)}. With ONNX Runtime Web (MIT), @huggingface/tokenizers (Apache-2.0) and wink-porter2-stemmer (MIT).
`;
}
