import { createClient } from 'hallpass/client';
import { CookieJar } from 'hallpass/jar';
import { type Case, equal } from '../case.ts';
import type { World } from '../world.ts';

const text = '日é';
/** The same in UTF-8, an octet a character. */
const octets = '\xe6\x97\xa5\xc3\xa9';

/** Cookies beyond ASCII are the same octets on every runtime, whatever its `Headers` hold. */
export function octetCases(world: World): Case[] {
  const { a } = world.origins;
  const plant = `${a}/set-cookie?pref=${encodeURIComponent(text)}`;
  /** The Cookie header that arrived, an octet a character. */
  const arrived = async (response: Response) =>
    ((await response.json()) as { headers: { cookie?: string } }).headers.cookie;

  return [
    {
      name: 'a cookie beyond ASCII goes back as it came, and is text to whoever asks the jar',
      async run() {
        const client = createClient();
        await client.get(plant);
        client.jar.set('typed=café', a);
        equal(client.jar.get('pref')?.value, text, 'in the jar');
        equal(client.jar.get('typed')?.value, 'café', 'typed');
        const header = await arrived(await client.get(`${a}/headers`));
        equal(header, `pref=${octets}; typed=caf\xc3\xa9`, 'on the wire');
      },
    },
    {
      name: 'a jar between two bare fetches keeps the octets',
      async run() {
        const jar = new CookieJar();
        const response = await fetch(plant);
        await response.text();
        for (const line of response.headers.getSetCookie()) jar.set(line, a);
        const again = new CookieJar();
        again.put({ headers: response.headers, url: a });
        equal(again.header(a), jar.header(a), 'set and put');
        const answer = await fetch(`${a}/headers`, { headers: { cookie: jar.header(a) } });
        equal(await arrived(answer), `pref=${octets}`, 'on the wire');
      },
    },
  ];
}
