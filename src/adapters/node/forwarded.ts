import { isIP } from 'node:net';
import { tokenPattern } from '../../server/http-rules.ts';

/** What one proxy on the way to this server says of the request it passed on. RFC 7239 §4, "forwarded-element". */
export interface ForwardedElement {
  /** Whose request the proxy passed on; `undefined` when it does not say, or says no IP address. */
  readonly address: string | undefined;
  readonly scheme: 'http' | 'https' | undefined;
  /** The host that was asked for. */
  readonly host: string | undefined;
}

/** Reads a request header by its lower-case name; several lines come joined by commas. */
export type ReadHeader = (name: string) => string | undefined;

/** The elements that X-Forwarded-* headers stand for: each proxy adds one at the end. */
export function xForwardedElements(header: ReadHeader): ForwardedElement[] {
  const callers = listOf(header('x-forwarded-for'));
  const schemes = listOf(header('x-forwarded-proto'));
  const hosts = listOf(header('x-forwarded-host'));
  // Not every proxy that adds to X-Forwarded-For adds to the others: a shorter list is the nearest proxy's word for all.
  const of = (values: readonly string[], at: number) =>
    values.length === callers.length ? values[at] : values.at(-1);
  return (callers.length === 0 ? [''] : callers).map((caller, at) => ({
    address: addressOf(caller),
    scheme: schemeOf(of(schemes, at)),
    host: of(hosts, at),
  }));
}

const quoted = '"(?:[^"\\\\]|\\\\.)*"';
/** Many proxies leave the quotes out that a port or an IPv6 address should stand in. */
const pair = `${tokenPattern}=(?:[^\\s",;]+|${quoted})`;
const lastElement = new RegExp(`(?:^|,)[ \\t]*(${pair}(?:[ \\t]*;(?:[ \\t]*${pair})?)*)[ \\t]*$`);
const pairs = new RegExp(pair, 'g');

/** More proxies than stand in any row; what a visitor made up stands to the left of them. */
const mostElements = 32;

/**
 * The elements of a Forwarded header. RFC 7239 §4. It is read from the right, where the proxies write: whatever a
 * visitor made up, an open quote for example, changes nothing about what stands behind it.
 */
export function forwardedElements(header: ReadHeader): ForwardedElement[] {
  const elements: ForwardedElement[] = [];
  let rest = header('forwarded') ?? '';
  for (let match = lastElement.exec(rest); match !== null; match = lastElement.exec(rest)) {
    elements.unshift(readElement(match[1] ?? ''));
    rest = rest.slice(0, match.index);
    if (elements.length === mostElements) break;
  }
  return elements;
}

/** An element that says nothing. */
const silent: ForwardedElement = { address: undefined, scheme: undefined, host: undefined };

function readElement(element: string): ForwardedElement {
  const parameters = new Map<string, string>();
  for (const [text] of element.matchAll(pairs)) {
    const [name = ''] = text.split('=', 1);
    const value = text.slice(name.length + 1);
    if (parameters.has(name.toLowerCase())) return silent; // Whichever of the two is meant: RFC 7239 §4 has no parameter twice.
    parameters.set(
      name.toLowerCase(),
      value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value,
    );
  }
  return {
    address: addressOf(parameters.get('for') ?? ''),
    scheme: schemeOf(parameters.get('proto')),
    host: parameters.get('host'),
  };
}

/** `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]` and `[2001:db8::1]:4711`. RFC 7239 §6. */
function addressOf(node: string): string | undefined {
  const [, v6, v4] = /^(?:\[([^\]]+)\]|([\d.]+))(?::\w+)?$/.exec(node) ?? [];
  const address = unmapped(v6 ?? v4 ?? node);
  return isIP(address) === 0 ? undefined : address;
}

function schemeOf(text: string | undefined): 'http' | 'https' | undefined {
  const scheme = text?.toLowerCase();
  return scheme === 'https' || scheme === 'http' ? scheme : undefined;
}

function listOf(header: string | undefined): string[] {
  return header === undefined ? [] : header.split(',').map((member) => member.trim());
}

/** An IPv4 address as such, also where a socket for both families shows it as IPv6. */
export function unmapped(address: string): string {
  return address.startsWith('::') ? address.replace(/^::ffff:(?=[\d.]+$)/i, '') : address;
}
