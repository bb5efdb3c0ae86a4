import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { Passkey } from './accounts/account-store.ts';
import type { User } from './accounts/accounts.ts';

/** The sites that passkeys are for: a passkey is bound to a host, never to a path or a port. */
export interface RelyingParty {
  origins: string[];
  /** The host of the page that asks. */
  host: string;
}

const hostsOf = ({ origins }: RelyingParty) => origins.map((origin) => new URL(origin).hostname);

/**
 * What a browser needs to make a passkey that the user is found by, with a look at who it is: a finger, a face, a PIN.
 * A user name is public here, so it is the handle; where ids are addresses, give each account a random one.
 */
export function registrationOptions(party: RelyingParty, user: User, known: readonly Passkey[]) {
  return generateRegistrationOptions({
    rpName: 'Front desk',
    rpID: party.host,
    userName: user.id,
    userDisplayName: user.name,
    userID: new TextEncoder().encode(user.id),
    excludeCredentials: known.map(({ id, transports }) => ({ id, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
}

/** The new passkey, when the answer is good. */
export async function verifyRegistration(
  party: RelyingParty,
  challenge: string,
  response: RegistrationResponseJSON,
): Promise<Omit<Passkey, 'name' | 'addedAt'> | undefined> {
  const { registrationInfo } = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: party.origins,
    expectedRPID: hostsOf(party),
  });
  if (registrationInfo === undefined) return undefined;
  const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
  return { id, publicKey: Buffer.from(publicKey).toString('base64url'), counter, transports };
}

/** What a browser needs to have a passkey sign; which one, the user chooses there. */
export function authenticationOptions(party: RelyingParty) {
  return generateAuthenticationOptions({ rpID: party.host, userVerification: 'required' });
}

/** Whose passkey signed, as the answer says: to be verified. */
export function userOf({ response }: AuthenticationResponseJSON): string {
  return Buffer.from(response.userHandle ?? '', 'base64url').toString();
}

/**
 * The credential that a page sent, with those of its fields that are texts, and the list of transports. JSON can hold anything:
 * an object with a `length` in the place of a text would be read as so many octets.
 */
export function credentialOf(
  sent: unknown,
): (RegistrationResponseJSON & AuthenticationResponseJSON) | undefined {
  const { id, rawId, type, response } = Object(sent);
  if (![id, rawId, type].every(isText)) return undefined;
  const fields = Object.entries<unknown>(Object(response)).filter(([name, value]) =>
    name === 'transports' ? Array.isArray(value) && value.every(isText) : isText(value),
  );
  return { id, rawId, type, response: Object.fromEntries(fields) as never, clientExtensionResults: {} };
}

const isText = (value: unknown) => typeof value === 'string';

/** How often the passkey has been used, as it counts itself, when its signature is good. */
export async function verifyAuthentication(
  party: RelyingParty,
  challenge: string,
  response: AuthenticationResponseJSON,
  { id, publicKey, counter, transports }: Passkey,
): Promise<number | undefined> {
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: party.origins,
    expectedRPID: hostsOf(party),
    credential: { id, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter, transports },
  });
  return verified ? authenticationInfo.newCounter : undefined;
}
