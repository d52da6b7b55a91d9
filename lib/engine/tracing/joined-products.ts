/**
 * Thin products that are added up become one, in graphs with weights in 8 bits:
 *
 *   y + a1 b1 + a2 b2 = y + [a1 a2] [b1; b2]      a [N, few], b [few, M], y [N, M]
 *
 * A linear layer has two of them beside its product in bytes, the channels that stay in float32 and the adapter, and the
 * gradient of an input that several layers share has one for each. What such a product costs is to write and read again
 * the wide matrix that it gives, whatever its inner width.
 */
import type { Graph, OnnxNode } from './graph.js';
import { type ThinTerm, usesOf } from './graph-uses.js';

/** A product of up to so many inner columns is thin. */
export const THIN = 64;

const SUMS: ReadonlySet<string> = new Set(['Add', 'Sum']);

/** Rewrites the nodes of a graph that is not finished yet. */
export function joinThinProducts(graph: Graph): void {
  if (graph.thinProducts.size === 0) return;
  const { only, thinTerm } = usesOf(graph);
  const isInnerSum = (name: string): boolean => SUMS.has(only(name)?.operator ?? '');
  const termsOf = (node: OnnxNode): string[] =>
    node.inputs.flatMap((name) => (isInnerSum(name) ? termsOf(only(name) as OnnxNode) : [name]));

  const inner = new Set(
    graph.nodes.filter(({ operator }) => SUMS.has(operator)).flatMap(({ inputs }) => inputs.filter(isInnerSum)),
  );
  const nodes = graph.nodes.splice(0);
  for (const node of nodes) {
    const terms = SUMS.has(node.operator) && !inner.has(node.outputs[0] as string) ? termsOf(node) : [];
    const thin = terms.flatMap((name) => thinTerm(name) ?? []);
    if (thin.length < 2) {
      graph.nodes.push(node);
      continue;
    }
    const others = terms.filter((name) => !thinTerm(name));
    addJoined(graph, thin, others, node.outputs);
  }
}

/** The sum of the products and of the other terms, under the name that it had. */
function addJoined(graph: Graph, thin: readonly ThinTerm[], others: readonly string[], outputs: string[]): void {
  const lefts = thin.map(({ product: { inputs }, factor }) =>
    factor === undefined ? (inputs[0] as string) : graph.addOne('Mul', [inputs[0] as string, factor]),
  );
  const left = graph.addOne('Concat', lefts, { axis: 1 });
  const right = graph.addOne(
    'Concat',
    thin.map(({ product }) => product.inputs[1] as string),
    { axis: 0 },
  );
  // by this name it stays a product: MatMul and a sum would become one operator that copies the sum first, on one core
  const product: OnnxNode = { operator: 'FusedMatMul', inputs: [left, right], outputs, attributes: {} };
  if (others.length === 0) {
    graph.nodes.push(product);
    return;
  }
  const joined = graph.addOne(product.operator, product.inputs);
  const sum = others.reduce((before, term) => graph.addOne('Add', [before, term]));
  graph.nodes.push({ operator: 'Add', inputs: [sum, joined], outputs, attributes: {} });
}
