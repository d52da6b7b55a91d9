/** A search page for the browser: static files. See site/write-site.ts. */

import { encoderGraph } from '../onnx/encoder-graph.js';
import { forwardGraph } from '../onnx/forward-graph.js';
import { ONNX_PRECISIONS, type OnnxPrecision } from '../onnx/stored-weights.js';
import { writeSite } from '../site/write-site.js';
import type { ExportTarget } from '../target.js';

/** Half the bytes of f32, and the same order of results. */
const USUAL: OnnxPrecision = 'f16';

export const siteTarget: ExportTarget = {
  name: 'site',
  description: 'a search page over the papers: static files for any web server',
  precisions: ONNX_PRECISIONS,
  several: false,
  library: null,
  check(source) {
    forwardGraph(encoderGraph(source));
  },
  async write(folder, source, { results, precisions, ...reporting }) {
    const precision = (precisions[0] as OnnxPrecision | undefined) ?? USUAL;
    const { model, modelBytes, agreement } = await writeSite(folder, source, { results, precision, ...reporting });
    return [{ precision, files: [model], bytes: modelBytes, agreement }];
  },
};
