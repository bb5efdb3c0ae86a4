import { checkOptions, expectType } from '../../errors/misuse.ts';
import { allowed, refused } from '../../scope/verdict.ts';
import type { Credential, RequestToSign, Signature } from '../credentials/credential.ts';
import { credentialFailed, type ScopedCredential } from '../credentials/scoped-credential.ts';
import { checkedHeaders } from '../request/attachment.ts';
import { bytesOf, contentTypeOf, fixedBody } from '../request/body.ts';
import type { HeaderPair } from '../request/headers.ts';
import { isSecretHeader } from '../request/secret-headers.ts';
import { withOneMore } from '../with-one-more.ts';
import type { Hop, Signer } from './hop.ts';

/** The last step before a hop is sent: the credentials that sign it do so one after another, and each sees what those before it have added. */
export async function sign(hop: Hop): Promise<undefined> {
  fixBody(hop);
  for (const signer of hop.signers) {
    const { credential } = signer.scoped;
    if (givesWay(signer, hop)) continue;
    const ask = async () => credential.sign?.(requestToSign(signer.scoped, hop), hop.view);
    const given = await ask().catch((cause) => Promise.reject(credentialFailed(credential, cause, hop.run)));
    addHeaders(signer, readSigned(given, credential), hop);
  }
  return undefined;
}

/** True where another credential has the header that this one is named after: it came first. */
function givesWay({ scoped, place }: Signer, hop: Hop): boolean {
  const { name, kind } = scoped.credential;
  const winner = hop.attachedBy(name.toLowerCase());
  if (winner === undefined || winner === scoped) return false;
  const verdict = refused('explicit-wins', { name, winner: winner.source });
  hop.record.secretVerdicts = hop.record.secretVerdicts.with(place, { name, kind, verdict });
  hop.sentCredentials = hop.sentCredentials.filter((one) => one !== scoped);
  return true;
}

/** Writes down what a transport would add for the body, so that it can be signed. */
function fixBody(hop: Hop): void {
  const { body: given } = hop.template;
  if (given === undefined) return;
  const body = fixedBody(given);
  if (body !== given) hop.template = { ...hop.template, body };
  const type = contentTypeOf(body);
  if (type !== undefined && !hop.wireHeaders.some(([name]) => name === 'content-type'))
    hop.wireHeaders.push(['content-type', type]);
}

function requestToSign(scoped: ScopedCredential, hop: Hop): RequestToSign {
  const { wireUrl, wireHeaders, template } = hop;
  const covered = scoped.credential.covers?.map((name) => name.toLowerCase()) ?? [];
  const shown = wireHeaders.filter(
    ([name]) => covered.includes(name) || !isSecretOfOthers(name, scoped, hop),
  );
  return Object.freeze({
    url: wireUrl,
    method: template.method,
    headerNames: Object.freeze(wireHeaders.map(([name]) => name)),
    headers: Object.freeze(Object.fromEntries(shown)),
    bytes: () => bytesOf(template.body),
  });
}

/** True for a header that another credential has attached, or whose name says that it is secret. */
function isSecretOfOthers(name: string, scoped: ScopedCredential, hop: Hop): boolean {
  const from = hop.attachedBy(name);
  if (from === scoped) return false;
  const isPlain = from === undefined || from.credential.kind === 'header';
  return !isPlain || isSecretHeader(name, hop.run.settings.secretHeaders);
}

/** @throws TypeError for what no signature is. */
function readSigned(given: unknown, { name }: Credential): HeaderPair[] {
  const what = `What sign of the credential ${name} gives, { headers },`;
  expectType(given, 'object', what);
  checkOptions(given as Signature, { headers: 'array|object' }, `sign of the credential ${name}`);
  return checkedHeaders((given as Signature).headers, name);
}

function addHeaders({ scoped, place }: Signer, headers: readonly HeaderPair[], hop: Hop): void {
  const { credential, scope } = scoped;
  const { name: called, kind } = credential;
  for (const pair of headers) {
    const [name, value] = pair;
    if (hop.wireHeaders.some(([present]) => present === name))
      throw new TypeError(
        `The credential ${called} cannot sign by ${name}, which this request has already: sign adds headers and replaces none.`,
      );
    hop.wireHeaders.push(pair);
    hop.sources = withOneMore(hop.sources, { name, from: scoped });
    hop.run.sentSecrets.header(name, value, scope);
  }
  if (headers.length > 0)
    hop.record.secretVerdicts = hop.record.secretVerdicts.with(place, {
      name: called,
      kind,
      verdict: allowed,
    });
}
