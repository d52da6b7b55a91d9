import { fromCSV } from 'arquero';
import { describe, expect, it } from 'vitest';
import { csvText } from '../../../lib/evaluation/formats/csv.js';
import { type ReportCsvPart, toCsv } from '../../../lib/evaluation/formats/report-csv.js';
import { sampleReport } from '../../display/sample-report.js';

const report = sampleReport();
const read = (text: string): Record<string, string>[] =>
  fromCSV(text, { autoType: false }).objects() as Record<string, string>[];

describe('a report as CSV', () => {
  it('has one row a system and metric, with the digits of the report', () => {
    const rows = read(toCsv(report));
    expect(rows).toHaveLength(report.systems.length * Object.keys(report.systems[0]!.metrics).length);
    const row = rows.find(({ system, metric }) => system === 'tuned' && metric === 'mrr@10')!;
    const { value, low, high } = report.systems[1]!.metrics['mrr@10']!;
    expect([row.value, row.low, row.high].map(Number)).toEqual([value, low, high]);
  });

  it('has comparisons, and metrics by topic and by overlap', () => {
    const [first] = read(toCsv(report, 'comparisons'));
    const { a, b, metric, difference } = report.comparisons[0]!;
    expect(first).toMatchObject({ a, b, metric, difference: String(difference) });
    const metrics = Object.keys(report.systems[0]!.metrics).length;
    expect(read(toCsv(report, 'topics'))).toHaveLength(report.topics!.length * metrics);
    expect(read(toCsv(report, 'overlap'))).toHaveLength(report.lexicalOverlap!.length * metrics);
    expect(() => toCsv(report, 'constructor' as ReportCsvPart)).toThrow('expected metrics, comparisons');
  });

  it('is no formula for a spreadsheet, and stays what it was for a parser', () => {
    const cells = [
      '=HYPERLINK("http://a.example","x")',
      '+1',
      '-1',
      '@SUM(A1)',
      '\t=1',
      'plain',
      'a, "b"\nc',
      -0.5,
      Number.NaN,
    ];
    const names = cells.map((_, i) => `c${i}`);
    const [row] = read(csvText([names, cells]));
    expect(names.map((name) => row![name] ?? '')).toEqual([
      '\'=HYPERLINK("http://a.example","x")',
      "'+1",
      "'-1",
      "'@SUM(A1)",
      "'\t=1",
      'plain',
      'a, "b"\nc',
      '-0.5',
      '',
    ]);
  });
});
