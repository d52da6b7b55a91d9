/**
 * The plots that a report has something to show in.
 */
import type { Report, TopicConfusion } from '../../evaluation/report.js';
import type { Figure } from '../figure.js';
import { batchCompositionFigure } from '../figures/batch-composition.js';
import { confusionFigure } from '../figures/confusion.js';
import { differencesFigure } from '../figures/differences.js';
import { dimensionCurvesFigure } from '../figures/dimension-curves.js';
import { gradientNormFigure } from '../figures/gradient-norm.js';
import { learningRateFigure } from '../figures/learning-rate.js';
import { distributionsFromHistogram, lengthDistributionFigure } from '../figures/length-distribution.js';
import { lexicalOverlapFigure } from '../figures/lexical-overlap.js';
import { lossFigure } from '../figures/loss.js';
import { metricsFigure } from '../figures/metrics.js';
import { recallCurvesFigure } from '../figures/recall-curves.js';
import { similarityHistogramFigure } from '../figures/similarity-histogram.js';
import { throughputFigure } from '../figures/throughput.js';
import { tokenLengthFigure } from '../figures/token-lengths.js';
import { validationFigure } from '../figures/validation.js';
import { primaryMetric } from '../findings.js';
import { orderTopics, type TopicRoles, topicRoles } from '../palette.js';

/** Which part of the report a plot belongs to. */
export type FigureGroup = 'results' | 'comparisons' | 'overlap' | 'errors' | 'embeddings' | 'training' | 'data';

/** All plots of a report by group and name; a part that the report lacks has none. */
export function reportFigures(report: Report): Record<FigureGroup, Record<string, Figure>> {
  const { systems, comparisons, recallCurves, confusion, tokens, training, batches, config } = report;
  const { embeddings = [], dimensionCurves = [], lexicalOverlap = [] } = report;
  const groups: Record<FigureGroup, Record<string, Figure>> = {
    results: {},
    comparisons: {},
    overlap: {},
    errors: {},
    embeddings: {},
    training: {},
    data: {},
  };
  const roles = topicRoles(config.datasets.categories, Object.keys(report.corpus.categories));
  const metric = primaryMetric(report);
  if (metric !== null) groups.results.metrics = metricsFigure(systems);
  if (recallCurves.length > 0) groups.results.recall = recallCurvesFigure(recallCurves, systems);
  if (metric !== null && comparisons.some((comparison) => comparison.metric === metric)) {
    groups.comparisons.differences = differencesFigure(comparisons, systems, metric);
  }
  if (metric !== null && lexicalOverlap.length > 0) {
    groups.overlap['lexical-overlap'] = lexicalOverlapFigure(lexicalOverlap, systems, metric);
  }
  onCommonTopics(confusion, roles).forEach((matrix, i) => {
    // one topic is never taken for another
    if (matrix.rows.length > 0 && matrix.columns.length > 1)
      groups.errors[`confusion-${i + 1}`] = confusionFigure(matrix);
  });
  if (metric !== null && dimensionCurves.length > 0) {
    groups.embeddings.dimensions = dimensionCurvesFigure(dimensionCurves, systems, metric);
  }
  if (embeddings.length > 0) groups.embeddings.similarities = similarityHistogramFigure(embeddings, systems);
  if (training && training.steps.length > 0) {
    groups.training.loss = lossFigure(training.steps);
    groups.training['learning-rate'] = learningRateFigure(training.steps);
  }
  if (training && training.validations.length > 0) groups.training.validation = validationFigure(training.validations);
  if (training && training.steps.length > 0) {
    groups.training['gradient-norm'] = gradientNormFigure(training.steps, config.training.maxGradientNorm);
    groups.training.throughput = throughputFigure(training.steps);
  }
  if (tokens && tokens.histogram.binStarts.length > 0) {
    groups.data['token-lengths'] = tokenLengthFigure(tokens, roles);
    const distributions = distributionsFromHistogram(tokens);
    groups.data['length-distribution'] = lengthDistributionFigure(distributions, roles, tokens.maxAbstractTokens);
  }
  if (batches && batches.length > 0) groups.data.batches = batchCompositionFigure(batches);
  return groups;
}

/** The matrices over the topics of all of them, in one order, so that they can be compared by eye. */
function onCommonTopics(matrices: readonly TopicConfusion[], roles: TopicRoles): TopicConfusion[] {
  const rows = orderTopics(
    matrices.flatMap((matrix) => matrix.rows),
    roles,
  );
  const columns = orderTopics(
    matrices.flatMap((matrix) => matrix.columns),
    roles,
  );
  return matrices.map((matrix) => {
    const count = (row: string, column: string): number =>
      matrix.counts[matrix.rows.indexOf(row)]?.[matrix.columns.indexOf(column)] ?? 0;
    return {
      system: matrix.system,
      rows,
      columns,
      counts: rows.map((row) => columns.map((column) => count(row, column))),
    };
  });
}
