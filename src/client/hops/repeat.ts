import type { Credential } from '../credentials/credential.ts';
import { credentialFailed } from '../credentials/scoped-credential.ts';
import { bodyKind } from '../request/template.ts';
import { callResponse } from './call-response.ts';
import type { Hop } from './hop.ts';

/** True when the credentials of a hop have something to say about its answer. */
export const concernsCredentials = (hop: Hop): boolean =>
  hop.response.status === 401 ||
  hop.sentCredentials.some(({ credential }) => credential.received !== undefined);

/**
 * The same hop again, when one of its credentials asks for that: by `received`, which is asked about every answer, or by `challenge`, at a 401.
 * Each of the two can have a hop repeated once.
 */
export async function repeatForCredentials(hop: Hop): Promise<Hop | undefined> {
  const mayRepeat = bodyKind(hop.template) !== 'one-shot';
  let wanted = false;
  for (const { credential } of hop.sentCredentials) {
    if (credential.received === undefined) continue;
    // Each of them sees the answer, also when one before has asked for the repeat.
    if (await ask('received', credential, hop, mayRepeat)) wanted = true;
  }
  if (wanted) return hop.againFor('received');
  if (hop.response.status === 401 && mayRepeat && !hop.repeats.has('challenge')) {
    for (const { credential } of hop.sentCredentials) {
      if (credential.challenge === undefined) continue;
      if (await ask('challenge', credential, hop, true)) return hop.againFor('challenge');
    }
  }
  return undefined;
}

/** True when it asks for a repeat that there will be. @param mayRepeat false where the body cannot be sent again */
async function ask(
  by: 'received' | 'challenge',
  credential: Credential,
  hop: Hop,
  mayRepeat: boolean,
): Promise<boolean> {
  const { deadline } = hop.run;
  const response = callResponse(hop);
  const wasUsed = response.bodyUsed;
  const answer = async () => (await credential[by]?.(response, hop.view)) === true;
  const asked = answer().catch((cause) => Promise.reject(credentialFailed(credential, cause, hop.run)));
  const again = (await deadline.race(asked)) && mayRepeat && !hop.repeats.has(by);
  if (!again && !wasUsed && response.bodyUsed)
    throw new TypeError(
      `${by} of the credential ${credential.name} read the body of an answer that goes to the caller: read that of response.clone().`,
    );
  return again;
}
