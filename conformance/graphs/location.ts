import { hostAliases, isDefaultPort, originOf, type Place } from './places.ts';

/** Where a Location leads, and the place that sends it. */
interface Spelled {
  readonly to: Place;
  /** Begins with a slash. */
  readonly path: string;
  readonly from: Place;
}

const portOf = (to: Place) => (isDefaultPort(to) ? '' : `:${to.port}`);
const alias = (to: Place, pick: number) => {
  const aliases = hostAliases(to.host);
  return aliases[pick % aliases.length] as string;
};
const absolute = ({ to, path }: Spelled) => `${originOf(to)}${path}`;
const sameScheme = ({ to, from }: Spelled) => to.scheme === from.scheme;

/** Ways to write one and the same URL in a Location; the absolute one where a way is not open. WHATWG URL §4.4. */
export const spellings: Readonly<Record<string, (it: Spelled) => string>> = {
  absolute,
  capitals: ({ to, path }) => `${originOf(to).toUpperCase()}${path}`,
  port: ({ to, path }) => `${to.scheme}://${to.host}:${to.port}${path}`,
  'zeros before the port': ({ to, path }) => `${to.scheme}://${to.host}:0${to.port}${path}`,
  user: ({ to, path }) => `${to.scheme}://server:chosen@${to.host}${portOf(to)}${path}`,
  'a user like the host': ({ to, path, from }) =>
    `${to.scheme}://${from.host.replace(/[[\]:]/g, '')}:443@${to.host}${portOf(to)}${path}`,
  'several @': ({ to, path }) => `${to.scheme}://example.test@a@${to.host}${portOf(to)}${path}`,
  'alias 1': ({ to, path }) => `${to.scheme}://${alias(to, 0)}${portOf(to)}${path}`,
  'alias 2': ({ to, path }) => `${to.scheme}://${alias(to, 1)}${portOf(to)}${path}`,
  'alias 3': ({ to, path }) => `${to.scheme}://${alias(to, 2)}${portOf(to)}${path}`,
  'alias 4': ({ to, path }) => `${to.scheme}://${alias(to, 3)}${portOf(to)}${path}`,
  backslashes: ({ to, path }) => `${to.scheme}:\\\\${to.host}${portOf(to)}${path.replaceAll('/', '\\')}`,
  'a backslash and a slash': (it) =>
    sameScheme(it) ? `\\/${it.to.host}${portOf(it.to)}${it.path}` : absolute(it),
  schemeless: (it) => (sameScheme(it) ? `//${it.to.host}${portOf(it.to)}${it.path}` : absolute(it)),
  'many slashes': ({ to, path }) => `${to.scheme}:////${to.host}${portOf(to)}${path}`,
  'no slashes': (it) =>
    sameScheme(it) ? absolute(it) : `${it.to.scheme}:${it.to.host}${portOf(it.to)}${it.path}`,
  'path only': (it) => (it.to === it.from ? it.path : absolute(it)),
  'backslash path': (it) => (it.to === it.from ? it.path.replaceAll('/', '\\') : absolute(it)),
  'no slash after the scheme': (it) => (it.to === it.from ? `${it.to.scheme}:${it.path}` : absolute(it)),
  dots: ({ to, path }) => `${originOf(to)}/away/%2e%2E${path.replace('/', '/./')}`,
  fragment: (it) => `${absolute(it)}#//b.example.test@`,
};
