import { type HeaderPair, headerPair, refuseFraming } from './headers.ts';

/** The headers that a credential attaches or signs by, names in lower case. @throws TypeError for those that no credential may write. */
export function checkedHeaders(headers: Readonly<Record<string, string>> = {}): HeaderPair[] {
  return Object.entries(headers).map(([name, value]) => {
    const lower = name.toLowerCase();
    refuseFraming(lower);
    if (lower === 'cookie' || lower === 'proxy-authorization')
      throw new TypeError(
        `A credential cannot attach ${name}: cookies belong in the jar, and a proxy's credentials to the transport.`,
      );
    return headerPair(name, value);
  });
}
