import { isLoopback, isWeb } from '../scope/origin.ts';
import { Misuse } from './command.ts';

/** A host as people type it, with a port or a domain behind it: a word alone may be anything, also a secret. */
const bareHost =
  /^(?:localhost|\[[\da-f:]+\]|[\w-]+(?:\.[\w-]+)*:\d{1,5}|[\w-]+(?:\.[\w-]+)*\.(?:[a-z]{2,24}|\d{1,3}))(?=[/?#:]|$)/i;

/**
 * An absolute URL, or one without its scheme: `localhost:3000` is http, as every host of this machine, `app.example.com` https.
 * @throws Misuse that names the argument and does not repeat it
 */
export function readUrl(argument: string, text: string): URL {
  const url = URL.parse(bareHost.test(text) ? `${schemeFor(text)}${text}` : text);
  if (url !== null && isWeb(url)) return url;
  throw new Misuse(`${argument} is no URL of http or https.`);
}

function schemeFor(text: string): string {
  const url = URL.parse(`http://${text}`);
  return url !== null && isLoopback(url.hostname) ? 'http://' : 'https://';
}
