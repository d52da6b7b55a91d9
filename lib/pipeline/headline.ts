/** The metric that systems and runs are chosen by where nobody names one: the mean reciprocal rank, as everywhere. */
export function headlineOf(metrics: readonly string[]): string | null {
  return (
    metrics.find((name) => name === 'mrr@10') ?? metrics.find((name) => name.startsWith('mrr@')) ?? metrics[0] ?? null
  );
}
