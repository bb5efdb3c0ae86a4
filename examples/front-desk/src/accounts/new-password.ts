const shortest = 12;
const longest = 200;
/** So many characters are left of a good password without its sequences and commonest words. */
const mostlyItsOwn = 6;

/** What fingers find one beside the other. */
const sequences = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'yxcvbnm',
  '1q2w3e4r5t6y7u8i9o0p',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik',
].flatMap((row) => [row, [...row].reverse().join('')]);

/** Those that stand first in every list of passwords. */
const words =
  'password passwort passw pass admin administrator login welcome iloveyou letmein secret dragon monkey sunshine princess football baseball superman batman master shadow trustno frontdesk changeme default qwerty'
    .split(' ')
    .sort((one, other) => other.length - one.length);

const lookAlikes: Readonly<Record<string, string>> = {
  ...{ '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't' },
  ...{ '@': 'a', $: 's', '!': 'i' },
};

/**
 * What is wrong with a new password, as a sentence. It is judged by rules: its length, what repeats, sequences of keys, some thirty of
 * the commonest words, the user's name. It is no list of passwords that have leaked: a real desk would ask one too.
 */
export function passwordProblem(password: string, user: string): string | undefined {
  const text = password.normalize('NFKC').toLowerCase();
  const { length } = Array.from(text);
  if (length < shortest)
    return `Take at least ${shortest} characters. A few words in a row are easy to remember.`;
  if (length > longest) return `Take at most ${longest} characters.`;
  if (new Set(text).size < 4) return 'That is the same few characters again and again.';
  const bare = text.replace(/[\s._-]+/gu, '');
  if (ownCharacters(bare) < mostlyItsOwn || ownCharacters(withLetters(bare)) < mostlyItsOwn)
    return 'That is made of the commonest words and sequences of keys, which are guessed first.';
  const [, unit = ''] = /^(.+?)\1+$/u.exec(bare) ?? [];
  if (unit !== '' && unit.length < shortest) return 'That is the same again and again.';
  if (user !== '' && text.includes(user)) return 'Leave your user name out of it.';
  return undefined;
}

/** `passw0rd` as it is meant: what looks like a letter, beside one. */
function withLetters(text: string): string {
  return text.replace(/(?<=\p{L})[013457@$!]|[013457@$!](?=\p{L})/gu, (sign) => lookAlikes[sign] ?? sign);
}

/** How many characters belong to no sequence, no repetition, no year and none of the words. */
function ownCharacters(text: string): number {
  let own = 0;
  for (let at = 0; at < text.length; ) {
    const known = knownPiece(text.slice(at));
    if (known === 0) own += 1;
    at += known || 1;
  }
  return own;
}

/** How long the known piece is with which the text begins; 0 where there is none. */
function knownPiece(text: string): number {
  const word = words.find((each) => text.startsWith(each))?.length ?? 0;
  const [{ length: repeated } = ''] = /^(.)\1{2,}/u.exec(text) ?? [];
  const [{ length: year } = ''] = /^(19|20)\d\d/.exec(text) ?? [];
  return Math.max(word, repeated, year, ...sequences.map((row) => runOf(text, row)));
}

/** How many characters of the row, three or more, the text begins with. */
function runOf(text: string, row: string): number {
  let length = 3;
  if (text.length < length || !row.includes(text.slice(0, length))) return 0;
  while (length < text.length && row.includes(text.slice(0, length + 1))) length += 1;
  return length;
}
