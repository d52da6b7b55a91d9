/** A second reading of feeds and OAI-PMH answers, with a strict XML parser (saxes), to hold the first against. */
import { SaxesParser } from 'saxes';

export interface XmlNode {
  name: string;
  attributes: Record<string, string>;
  children: (XmlNode | string)[];
}

/** The document's root; null if it is not well-formed. Names are without prefix. */
export function parseStrictly(text: string): XmlNode | null {
  const parser = new SaxesParser();
  const open: XmlNode[] = [{ name: '', attributes: {}, children: [] }];
  let isWellFormed = true;
  const local = (name: string): string => name.slice(name.indexOf(':') + 1);
  const addText = (part: string): void => {
    open.at(-1)?.children.push(part);
  };
  parser.on('error', () => {
    isWellFormed = false;
  });
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('opentag', ({ name, attributes }) => {
    const node = { name: local(name), attributes: attributes as Record<string, string>, children: [] };
    open.at(-1)?.children.push(node);
    open.push(node);
  });
  parser.on('closetag', () => open.pop());
  parser.write(text).close();
  return isWellFormed ? (childrenOf(open[0] as XmlNode)[0] ?? null) : null;
}

export function childrenOf(node: XmlNode | undefined, name?: string): XmlNode[] {
  const nodes = (node?.children ?? []).filter((child): child is XmlNode => typeof child !== 'string');
  return name === undefined ? nodes : nodes.filter((child) => child.name === name);
}

/** The element's own text, whitespace folded, with a second layer of escapes undone as HTML has them. */
export function textOfNode(node: XmlNode | undefined): string {
  const raw = (node?.children ?? []).filter((child) => typeof child === 'string').join('');
  const plain = raw.replace(/&(amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);/gi, (written) => {
    // The parser knows what the escape means, or that it means nothing.
    let text = '';
    const parser = new SaxesParser({ fragment: true });
    parser.on('error', () => {
      text = written;
    });
    parser.on('text', (part) => {
      text += part;
    });
    parser.write(written.toLowerCase()).close();
    return text;
  });
  return plain.replace(/\s+/g, ' ').trim();
}
