import type { HopView } from '../scope/hop.ts';
import { type Attachment, type Credential, isLasting, type RequestView } from './credential.ts';
import { type HeaderPair, headerPair, refuseFraming } from './headers.ts';

/** What a credential attaches, checked: lower-case header names, and query parameters. */
export interface CheckedAttachment {
  readonly headers: readonly HeaderPair[];
  readonly query: readonly HeaderPair[];
}

const lasting = new WeakMap<Credential, CheckedAttachment>();

/**
 * Asks a credential what it attaches to this hop. One that never changes is asked and checked once.
 * @throws TypeError for what no credential may attach; what a credential's own function throws, as `failure` makes it.
 */
export function attachmentOf(
  credential: Credential,
  view: () => RequestView,
  hop: () => HopView,
  failure: (name: string, cause: unknown) => Error,
): CheckedAttachment | Promise<CheckedAttachment> {
  const known = lasting.get(credential);
  if (known !== undefined) return known;
  let given: Attachment | Promise<Attachment>;
  try {
    given = credential.attach(view(), hop());
  } catch (cause) {
    throw failure(credential.name, cause);
  }
  if ('then' in given && typeof given.then === 'function')
    return given.then(checked, (cause) => Promise.reject(failure(credential.name, cause)));
  const attachment = checked(given as Attachment);
  if (isLasting(credential)) lasting.set(credential, attachment);
  return attachment;
}

function checked({ headers = {}, query = {} }: Attachment): CheckedAttachment {
  return {
    headers: Object.entries(headers).map(([name, value]) => {
      const lower = name.toLowerCase();
      refuseFraming(lower);
      if (lower === 'cookie' || lower === 'proxy-authorization')
        throw new TypeError(
          `A credential cannot attach ${name}: cookies belong in the jar, and a proxy's credentials to the transport.`,
        );
      return headerPair(name, value);
    }),
    query: Object.entries(query),
  };
}
