/** The tokens of a text, one beside the other, below a notebook cell. */
import type { TokenPiece } from '../../tokens/tokenizer.js';
import { formatQuantity } from '../format.js';
import { element, escapeText } from '../svg/element.js';
import { display } from './output.js';
import { FAINT } from './table-html.js';

const PIECE = 'display:inline-block;margin:0 .3em .4em 0;padding:.15em .45em;border-radius:.3em;text-align:center;';
/** Two tints in turn, seen on white and on near-black, so that neighbours stay apart. */
const TINTS = ['rgba(0,114,178,0.22)', 'rgba(230,159,0,0.25)'];

/** Each token with its id; spaces are drawn, and a token that is only part of a character is a dot. */
export function showTokens(pieces: readonly TokenPiece[]): void {
  const spans = pieces.map(({ id, text }, i) =>
    element(
      'span',
      { style: `${PIECE}background:${TINTS[i % 2]}` },
      element('code', { style: 'background:none;color:inherit' }, escapeText(visible(text))),
      element('br', {}),
      element('small', { style: `${FAINT};font-variant-numeric:tabular-nums` }, String(id)),
    ),
  );
  const words = pieces.map(({ id, text }) => `${visible(text)}(${id})`).join(' ');
  const html = element(
    'div',
    { style: 'max-width:60em;padding:.25em .75em' },
    ...spans,
    element(
      'div',
      { style: FAINT },
      `${formatQuantity(pieces.length, 'tokens')}, special ones included; below each its id`,
    ),
  );
  display({ 'text/html': html, 'text/plain': `${words}\n${formatQuantity(pieces.length, 'tokens')}` });
}

function visible(text: string): string {
  return text === '' ? '·' : text.replaceAll(' ', '␣').replaceAll('\n', '↵');
}
