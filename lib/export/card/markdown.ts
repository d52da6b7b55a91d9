/**
 * Foreign text in a model card: names of runs and models, topics, prompts and settings may hold anything, and the hub
 * renders cards as Markdown with HTML. Each function is for one place that such a text can stand in.
 */
import { printableJson, printableLine } from '../../core/printable.js';

/** Longest text that a card quotes. */
const LONGEST = 200;

/** In running text or a table: whatever Markdown or HTML would obey is escaped. */
export function plain(text: string): string {
  const line = shortened(printableLine(text));
  // of addresses every full stop counts, since those are linked by themselves
  const obeyed = /www|:\/\//i.test(line) ? /[^\p{L}\p{N} ,]/gu : OBEYED;
  return line.replace(obeyed, (character) => `&#${character.codePointAt(0)};`);
}

/** All punctuation, but for what joins the parts of a name: "gr-qc", "v1.5", "mrr@10". */
const OBEYED = /(?<![\p{L}\p{N}])[-.@]|[-.@](?![\p{L}\p{N}])|[^\p{L}\p{N} ,.@-]/gu;

/** As code: by HTML, since a span of backticks ends at backticks, and a cell of a table at a bar. */
export function code(text: string): string {
  return `<code>${plain(text)}</code>`;
}

/** A string in TypeScript or Python: both read JSON's. */
export function literal(text: string): string {
  return printableJson(text);
}

/** A value of the YAML between the lines `---`: JSON is YAML, as long as it stands on one line. */
export function yaml(value: unknown): string {
  return printableJson(value).replaceAll('\u0085', '\\u0085').replaceAll('\ufeff', '\\ufeff');
}

/** @param rows of cells that are Markdown already */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function shortened(text: string): string {
  const characters = Array.from(text);
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST).join('')}…` : text;
}
