/**
 * Tells English abstracts from others by their function words and script. Function words ("the", "of") make up a
 * quarter to a half of running text in any of these languages, whatever the field, so a few dozen suffice
 * (Ingle, 1976, and later work on short-word language identification).
 */

/** Words that only English has among the languages below; three of them settle it. */
const UNMISTAKABLE = [' the ', ' of ', ' and ', ' is ', ' with ', ' that ', ' this ', ' are ', ' which '];
const ENOUGH = 3;

const ENGLISH = words('the of and in to a is we for that with this are on by an as be from it which can these our at');
const OTHERS = [
  words('le la les des et un une dans pour que est sur par avec nous cette du de qui en aux ce ces sont au'),
  words('der die das und ist von mit für eine auf dem den wird werden im zu des ein wir nicht sich als auch'),
  words('el la los las de y en una que por con se para es del un al como este esta son su más'),
  words('o os as de e em uma que por com para é dos da do das um na no se este são mais'),
  words('il lo la i gli le di e che un una per con si del della in è sono dei nel questo alla'),
];

/** Share of the other language's function words from which a text with few English ones counts as foreign. */
const FOREIGN_SHARE = 0.15;

/** Whether the text is in English; texts too short or too mixed to tell count as English. */
export function isEnglish(text: string): boolean {
  let found = 0;
  for (const word of UNMISTAKABLE) if (text.includes(word) && ++found === ENOUGH) return true;
  return !isForeign(text.toLowerCase());
}

function isForeign(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (letters >= 20 && latin < letters / 2) return true;
  const tokens = text.match(/\p{L}+/gu) ?? [];
  if (tokens.length < 10) return false;
  const english = share(tokens, ENGLISH);
  const foreign = Math.max(...OTHERS.map((list) => share(tokens, list)));
  return foreign >= FOREIGN_SHARE && foreign > 1.5 * english;
}

function share(tokens: string[], list: Set<string>): number {
  let count = 0;
  for (const token of tokens) if (list.has(token)) count++;
  return count / tokens.length;
}

function words(list: string): Set<string> {
  return new Set(list.split(' '));
}
