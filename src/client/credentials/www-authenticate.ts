import { tokenPattern } from '../../scope/http-syntax.ts';

/** One challenge of a WWW-Authenticate header: a scheme and its parameters, names in lower case. RFC 9110 §11.3. */
interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const parameter = new RegExp(
  `[\\s,]*(${tokenPattern})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,"=]+=*))\\s*(?=,|$)`,
  'ys',
);
const scheme = new RegExp(`[\\s,]*(${tokenPattern})(?:\\s+(?=\\S)|(?=,|$))`, 'y');
const token68 = /[A-Za-z\d\-._~+/]+=*\s*(?=,|$)/y;

/** Every challenge of a WWW-Authenticate header, also of several joined by commas. What cannot be read ends the list. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: Challenge[] = [];
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const match = pattern.exec(header);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  while (at < header.length) {
    const [, name] = take(scheme) ?? [];
    if (name === undefined) break;
    const parameters = new Map<string, string>();
    for (let found = take(parameter); found !== null; found = take(parameter)) {
      const [, key = '', quoted, plain = ''] = found;
      parameters.set(key.toLowerCase(), quoted?.replace(/\\(.)/gs, '$1') ?? plain);
    }
    if (parameters.size === 0) take(token68);
    challenges.push({ scheme: name.toLowerCase(), parameters });
  }
  return challenges;
}
