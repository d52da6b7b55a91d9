/** Who computes a value of a graph and who reads it, for rewrites of a graph that is not finished yet. */
import type { Graph, OnnxNode } from './graph.js';

export interface GraphUses {
  producers: ReadonlyMap<string, OnnxNode>;
  /** A node once for each of its inputs that is the value. */
  readers: ReadonlyMap<string, readonly OnnxNode[]>;
  /** The node that computes a value which is read once, and by nobody outside. */
  only(name: string): OnnxNode | undefined;
  /** The thin product that a term is, or is a multiple of by a scalar, where nobody else reads them. */
  thinTerm(name: string): ThinTerm | undefined;
}

export interface ThinTerm {
  product: OnnxNode;
  /** Name of the scalar that the product is multiplied with. */
  factor: string | undefined;
}

/** As the graph is now. */
export function usesOf(graph: Graph): GraphUses {
  const producers = new Map<string, OnnxNode>();
  const readers = new Map<string, OnnxNode[]>();
  for (const node of graph.nodes) {
    for (const output of node.outputs) producers.set(output, node);
    for (const input of node.inputs) {
      const known = readers.get(input);
      if (known) known.push(node);
      else readers.set(input, [node]);
    }
  }
  const outputs = new Set(graph.outputValues);
  const scalars = new Set(graph.constants.filter(({ shape }) => shape.length === 0).map(({ name }) => name));
  const only = (name: string): OnnxNode | undefined =>
    readers.get(name)?.length === 1 && !outputs.has(name) ? producers.get(name) : undefined;
  const thinProduct = (name: string): OnnxNode | undefined => (graph.thinProducts.has(name) ? only(name) : undefined);
  return {
    producers,
    readers,
    only,
    thinTerm(name) {
      const own = thinProduct(name);
      if (own) return { product: own, factor: undefined };
      const node = only(name);
      const factor = node?.operator === 'Mul' ? node.inputs.find((input) => scalars.has(input)) : undefined;
      const multiplied = factor === undefined ? undefined : node?.inputs.find((input) => input !== factor);
      const product = multiplied === undefined ? undefined : thinProduct(multiplied);
      return product && { product, factor };
    },
  };
}
