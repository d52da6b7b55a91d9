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

/** A product of up to so many inner columns is thin. */
export const THIN = 64;

interface ThinProduct {
  left: string;
  right: string;
  /** Name of a scalar that the product is multiplied with. */
  factor: string | undefined;
}

const SUMS: ReadonlySet<string> = new Set(['Add', 'Sum']);

/** Rewrites the nodes of a graph that is not finished yet. */
export function joinThinProducts(graph: Graph): void {
  if (graph.thinProducts.size === 0) return;
  const uses = new Map<string, number>();
  for (const name of [...graph.outputValues, ...graph.nodes.flatMap(({ inputs }) => inputs)]) {
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const scalars = new Set(graph.constants.filter(({ shape }) => shape.length === 0).map(({ name }) => name));

  /** The node that computes a value which nobody else reads. */
  const only = (name: string): OnnxNode | undefined => (uses.get(name) === 1 ? producers.get(name) : undefined);
  const isInnerSum = (name: string): boolean => SUMS.has(only(name)?.operator ?? '');
  const termsOf = (node: OnnxNode): string[] =>
    node.inputs.flatMap((name) => (isInnerSum(name) ? termsOf(only(name) as OnnxNode) : [name]));
  const thinProduct = (name: string): ThinProduct | undefined => {
    const node = only(name);
    if (!node) return undefined;
    if (graph.thinProducts.has(name)) {
      const [left, right] = node.inputs as [string, string];
      return { left, right, factor: undefined };
    }
    const factor = node.operator === 'Mul' ? node.inputs.find((input) => scalars.has(input)) : undefined;
    const product = factor === undefined ? undefined : node.inputs.find((input) => input !== factor);
    const thin = product !== undefined && graph.thinProducts.has(product) ? thinProduct(product) : undefined;
    return thin && { ...thin, factor };
  };

  const inner = new Set(
    graph.nodes.filter(({ operator }) => SUMS.has(operator)).flatMap(({ inputs }) => inputs.filter(isInnerSum)),
  );
  const nodes = graph.nodes.splice(0);
  for (const node of nodes) {
    const terms = SUMS.has(node.operator) && !inner.has(node.outputs[0] as string) ? termsOf(node) : [];
    const thin = terms.flatMap((name) => thinProduct(name) ?? []);
    if (thin.length < 2) {
      graph.nodes.push(node);
      continue;
    }
    const others = terms.filter((name) => !thinProduct(name));
    addJoined(graph, thin, others, node.outputs);
  }
}

/** The sum of the products and of the other terms, under the name that it had. */
function addJoined(graph: Graph, thin: readonly ThinProduct[], others: readonly string[], outputs: string[]): void {
  const lefts = thin.map(({ left, factor }) => (factor === undefined ? left : graph.addOne('Mul', [left, factor])));
  const left = graph.addOne('Concat', lefts, { axis: 1 });
  const right = graph.addOne(
    'Concat',
    thin.map((product) => product.right),
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
