/**
 * The little English grammar that the templates cannot carry themselves: number, articles, capitals.
 */

/** Where the head of a noun phrase ends. */
const AFTER_HEAD =
  /\s(?:of|in|with|on|for|from|at|under|between|to|near|around|without|by|as|across|against|over|through|among|beyond|that|into|via|within|along|like|due|per)\s/;
/** Words in -s that are singular: "mass", "axis", "dynamics", "bias", names in camel case. */
const SINGULAR_IN_S =
  /(?:ss|us|[^m]is|(?:phys|dynam|statist|mechan|kinet|genet|genom|proteom|logist|robot|mathemat|kinemat|classic|combinator|opt|acoust)ics|chaos|lens|bias|gas|series|Bayes|Gibbs|measles|elegans|Waterbirds|[a-z][A-Z]\w*s)$/;
const PLURAL_WITHOUT_S =
  /(?:criteria|spectra|phenomena|bacteria|archaea|media|vacua|minima|maxima|data|people|nuclei|radii|strata|mitochondria|algae|nebulae|novae|mice|children|teeth|cilia|flagella|bacilli|cocci|nucleoli|tori|corpora|consortia|ganglia|pendula|coronae|gravitini|dilatini|glia)$/;
const PARTICIPLE = /(?:ed|ing|wn|like)$/;

/** Whether a noun phrase takes a plural verb, from its head noun, the last word before a preposition. */
export function isPlural(phrase: string): boolean {
  const head = ` ${phrase}`.split(AFTER_HEAD)[0]!.trim();
  if (/^(?:a|an|one|each)\s/i.test(head)) return false;
  if (/\w\s+and\s+\w/.test(head)) return true;
  const words = head.split(/\s+/);
  const last = words.at(-1)!;
  // "networks constrained by equations": the participle belongs to what follows the head.
  if (words.length > 1 && head !== phrase && PARTICIPLE.test(last) && isPlural(words.slice(0, -1).join(' ')))
    return true;
  return PLURAL_WITHOUT_S.test(last) || (/[a-zA-Z]s$/.test(last) && !SINGULAR_IN_S.test(last));
}

const SILENT_OR_GLIDE = /^(?:uni(?:[^nm]|mod)|use|usu|util|eu|one\b|once|ubiq|U\(|u-|U-)/;
const SPELLED_WITH_VOWEL = /^(?:[FHLMNRSX](?=[A-Z0-9(-]|\b)|8|11\b|18\b)/;
const PRONOUNCED_AS_WORD =
  /^(?:LIGO|LISA|LASSO|LOFAR|NASA|MERA|NANO|SNARE|SIR\b|SIS\b|REST|SHAP|SLAM|RAG\b|MAP\b|SAT\b|MIMO|NUTS|SOTA|LoRA)/;

/** Writes "a" or "an" as the next word sounds. */
export function fixArticles(text: string): string {
  return text.replace(/\b([Aa])n? ([\w$\\("'-]+)/g, (_, letter: string, next: string) => {
    const word = next.replace(/^[$\\("']+/, '');
    const vowel =
      /^[aeio]/i.test(word) || /^u/i.test(word) || /^(?:hour|honest|heir)/.test(word) || SPELLED_WITH_VOWEL.test(word);
    const consonant = SILENT_OR_GLIDE.test(word) || PRONOUNCED_AS_WORD.test(word);
    return `${letter}${vowel && !consonant ? 'n' : ''} ${next}`;
  });
}

/** Folds blanks, sets blanks before punctuation right, gives the sentence its capital. */
export function polish(sentence: string): string {
  const text = fixArticles(
    sentence
      .replace(/\s+/g, ' ')
      .replace(/ ([,.;:?)])/g, '$1')
      .replace(/,+([.;:,])/g, '$1')
      .replace(/\.\./g, '.')
      .trim(),
  );
  return text.replace(/^[a-z]/, (letter) => letter.toUpperCase());
}

/** Whether a word stands twice in a row, or the same article twice. */
export function hasDoubledWord(text: string): boolean {
  return /\b([A-Za-z]+)[ -]\1\b/i.test(text) || /\b(?:the|a|an) (?:the|a|an)\b/i.test(text);
}

const SMALL_WORDS = new Set(
  'a an and as at but by for from in into near nor of on onto or over per the through to towards under via with without versus beyond between around across against'.split(
    ' ',
  ),
);

/** Capitals As a Title Has Them; TeX, acronyms and words with capitals stay as they are. */
export function titleCase(title: string): string {
  return title
    .split(' ')
    .map((word, index, words) => {
      const first = index === 0 || /[:?]$/.test(words[index - 1]!);
      if (!first && SMALL_WORDS.has(word)) return word;
      return word
        .split('-')
        .map((part, i) => (i > 0 && SMALL_WORDS.has(part) ? part : part.replace(/^[a-z]/, (c) => c.toUpperCase())))
        .join('-');
    })
    .join(' ');
}
