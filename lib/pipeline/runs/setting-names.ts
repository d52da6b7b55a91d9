/** How settings are called in the names of runs, the most telling first; the others by their last word. */
const SHORT: Record<string, string> = {
  'encoder.model': 'model',
  'datasets.source': 'data',
  'training.learningRate': 'lr',
  'training.epochs': 'epochs',
  'training.maxSteps': 'steps',
  'batches.pairs': 'pairs',
  'encoder.lora.rank': 'rank',
  'encoder.lora.alpha': 'alpha',
  'encoder.lora.dropout': 'dropout',
  'encoder.pooling': 'pooling',
  'encoder.attention': 'attention',
  'training.temperature': 'temperature',
  'training.method': 'method',
  'training.matryoshkaDimensions': 'matryoshka',
  'datasets.maxPerCategory': 'papers',
  'training.hardNegatives.file': 'negatives',
  seed: 'seed',
  'datasets.seed': 'papers-seed',
};

export function shortName(path: string): string {
  return SHORT[path] ?? (path.split('.').at(-1) ?? path).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Compares two paths by how much they tell, for sorting. */
export function byImportance(a: string, b: string): number {
  return rankOf(a) - rankOf(b);
}

function rankOf(path: string): number {
  const rank = Object.keys(SHORT).indexOf(path);
  return rank < 0 ? Number.MAX_SAFE_INTEGER : rank;
}
