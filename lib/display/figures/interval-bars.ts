/** The interval of a metric as bars around its point, which need not reach as far up as down. */
import { type ErrorBars, finiteOrNull } from '../figure.js';

/** @param values undefined or not finite: no bar  @param thickness pixels */
export function intervalBars(
  values: readonly ({ value: number; low: number; high: number } | undefined)[],
  color: string,
  thickness: number,
): ErrorBars {
  return {
    type: 'data',
    symmetric: false,
    array: values.map((value) => finiteOrNull(value && value.high - value.value)),
    arrayminus: values.map((value) => finiteOrNull(value && value.value - value.low)),
    color,
    thickness,
    width: 3,
  };
}
