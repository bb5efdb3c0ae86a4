import { expectType } from '../../errors/misuse.ts';
import type { Attachment } from '../credentials/credential.ts';
import { type HeaderPair, headerPair, refuseFraming } from './headers.ts';
import { pairsOf } from './pairs.ts';

/** The headers that a credential attaches or signs by, names in lower case. @throws TypeError for those that no credential may write. */
export function checkedHeaders(headers: Attachment['headers'], credential: string): HeaderPair[] {
  return textPairs(headers, credential, 'header').map(([name, value]) => {
    const lower = name.toLowerCase();
    refuseFraming(lower);
    if (lower === 'cookie' || lower === 'proxy-authorization')
      throw new TypeError(
        `A credential cannot attach ${name}: cookies belong in the jar, and a proxy's credentials to the transport.`,
      );
    return headerPair(name, value);
  });
}

/** The query parameters that a credential attaches. @throws TypeError for what is no text. */
export const checkedQuery = (query: Attachment['query'], credential: string): HeaderPair[] =>
  textPairs(query, credential, 'query parameter');

function textPairs(given: object | undefined, credential: string, what: string): HeaderPair[] {
  if (given === undefined) return [];
  const pairs = pairsOf(given, `What the credential ${credential} gives as ${what}s`);
  for (const [name, value] of pairs)
    expectType(value, 'string', `The ${what} ${name} that the credential ${credential} gives`);
  return pairs as HeaderPair[];
}
