/**
 * The part of a title that two versions of one work share: lower case, no accents, TeX or punctuation, and for a
 * comment, reply, erratum or addendum the title that it is about. Papers of equal keys stay in one split.
 */

/** "Comment on", "A Reply to the comment on", "Erratum:", "Rejoinder:", "Addendum to". */
const ABOUT = new RegExp(
  "^(?:(?:a|an|the|some|brief|short|extended|further|authors?|author's|mathematical|publisher'?s?)\\s+)*" +
    '(?:' +
    '(?:comments?|remarks?|discussion)\\b\\s*(?:(?:on|to|about)\\b|[:.–—]|-+)' +
    '|(?:reply|replies|response|rejoinder)\\b\\s*(?:(?:to|on)\\b|[:.–—]|-+)' +
    '|(?:errat(?:um|a)|corrigend(?:um|a)|correction|addend(?:um|a)|retraction|note|supplement(?:ary material)?)\\b\\s*(?:(?:to|for|of)\\b|[:.–—]|-+)' +
    ')\\s*',
  'i',
);
const WHAT =
  /^(?:(?:the|a|an|our|recent)\s+)*(?:(?:paper|article|letter|comments?|reply|discussions?|manuscript|work|preprint)s?\b\s*(?:(?:on|of|by|entitled|titled|called)\b|:|,|(?=["“”'`«‘]))\s*)/i;
/** "Dark energy: erratum", "Dark energy (Reply to a comment)". */
const TRAILING =
  /[\s:,.([–—-]+(?:an?\s+)?(?:errat(?:um|a)|corrigend(?:um|a)|addend(?:um|a)|comment|reply|rejoinder|reply to (?:a |the )?comments?)\s*[)\].]*$/i;
/** "On complex systems: response to "A framework for …"". */
const INNER = /\b(?:comments?|reply|response|rejoinder) (?:on|to) (?:the (?:paper |article )?)?(?=``|["“„«])/i;
const QUOTED = /^(?:``|''|["“”„«‘'`]+)\s*(.{8,}?)\s*(?:''|["”“»’]|'(?!\w)|``)/;

/** The key; the title itself in lower case where nothing else is left of it. */
export function titleKey(title: string): string {
  const key = words(subject(title));
  return key !== '' ? key : words(title) || title.toLowerCase();
}

/** The title that a comment or reply is about; other titles as they are. */
function subject(title: string): string {
  const inner = INNER.exec(title);
  let rest = inner ? title.slice(inner.index) : title.trim();
  let isAbout = false;
  for (let round = 0; round < 6; round++) {
    const shorter = stripOnce(rest, isAbout);
    if (shorter === rest || words(shorter) === '') break;
    isAbout ||= ABOUT.test(rest);
    rest = shorter;
  }
  if (!isAbout) return rest.replace(TRAILING, '');
  const quoted = QUOTED.exec(rest);
  if (quoted) return quoted[1] as string;
  // What follows a cited title: [Phys. Rev. D 1, 2 (2020)], (arXiv:2212.01250).
  return rest.replace(/\s*[[(][^\])]*(?:arxiv|phys|rev|lett|\d{4})[^\])]*[\])]\)*\s*$/i, '').replace(TRAILING, '');
}

/** "the paper", "the article by" are only taken off after a "comment on". */
function stripOnce(title: string, isAbout: boolean): string {
  const shorter = title.replace(ABOUT, '');
  if (shorter !== title || !isAbout) return shorter;
  // An outer quotation around an inner "Comment on …" hides it.
  return title
    .replace(WHAT, '')
    .replace(/^(?:``|["“«‘'`])+\s*(?=(?:an?\s+)?(?:comments?|reply|response) (?:on|to)\b)/i, '');
}

/** Words in lower case without accents, TeX or punctuation, separated by one space. */
export function words(text: string): string {
  return text
    .replace(/\\(?:["'`^~=.](?=[{\\a-zA-Z])|[uvHtcdbkr](?=[{\s]))/g, '') // TeX accents: Schr\"odinger, Poincar\'{e}
    .replace(/\\(?:left|right|mathrm|mathbf|mathcal|rm|bf|it|text|emph)(?![a-zA-Z])/g, '')
    .replace(/[{}$]/g, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
