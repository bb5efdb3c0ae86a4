/** What is odd in the text of a Set-Cookie line. */
export const lintLines = {
  'name-like-prefix': {
    why: 'Somebody wanted one of the prefixes that browsers enforce, and wrote it with another letter or line: Host__, __host_, _Secure-. To browsers it is a name as any other, so neither Secure nor the host is guaranteed, and nobody notices.',
    fix: 'Write the prefix exactly: two underscores, the word, one hyphen (`__Host-session`), and change every place that reads the cookie. `defineCookie` takes the old name in `former`, and deletes the old cookie with every write.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const good = 'Path=/; Secure; HttpOnly; SameSite=Lax';
      const [finding] = lintSetCookie('Host__theme=dark; ' + good);
      console.log(finding?.code); // → name-like-prefix
      console.log(lintSetCookie('__Host-theme=dark; ' + good).length); // → 0
    `,
  },
  'name-prefix-case': {
    why: 'Browsers of today compare the prefix without regard to case, so this one is enforced. Older ones knew only the spelling of the standard and take the name for an ordinary one; names of cookies themselves do differ by case.',
    fix: 'Write `__Host-` or `__Secure-` with its capital letter, in the line and wherever the cookie is read.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const line = '__host-theme=dark; Path=/; Secure; HttpOnly; SameSite=Lax';
      console.log(lintSetCookie(line)[0]?.code); // → name-prefix-case
    `,
  },
  'name-missing': {
    why: 'There is no equals sign, or nothing in front of it. Browsers keep such a cookie and send the bare value, some with an equals sign and some without; servers read a bare value as a name, or skip it.',
    fix: 'Write name=value. Mostly the name came from a variable that was empty.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const line = 'dark; Path=/; Secure; HttpOnly; SameSite=Lax';
      console.log(lintSetCookie(line)[0]?.code); // → name-missing
    `,
  },
  'name-not-token': {
    why: 'A name may have letters, digits and a few signs. Browsers keep others too, but servers and libraries differ: a space, a colon or brackets are cut off, encoded or refused by some of them, and then the cookie is "missing".',
    fix: 'Rename it with letters, digits, hyphen and underscore. Where another program sets it and reads it well, leave it.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const line = 'my theme=dark; Path=/; Secure; HttpOnly; SameSite=Lax';
      console.log(lintSetCookie(line)[0]?.code); // → name-not-token
    `,
  },
  'value-json': {
    why: 'The value begins with a brace or a bracket. JSON is full of quotes and commas, and a semicolon inside it ends the value: what comes back is cut, unquoted or split, depending on who reads it.',
    fix: "Encode it: `encodeURIComponent(JSON.stringify(data))` and back, or `defineCookie('prefs', { format: 'json' })`, which does both. Visitors can change what stands there; sign it (`codec: signed(ring)`) or keep it in the session.",
    example: `
      import { lintSetCookie } from 'hallpass';

      const lint = (value: string) =>
        lintSetCookie('a=' + value + '; Path=/; Secure; HttpOnly; SameSite=Lax');
      const json = '{"size":2}';
      console.log(lint(json)[0]?.code); // → value-json
      console.log(lint(encodeURIComponent(json)).length); // → 0
    `,
    guide: 'cookies.md#define-a-cookie-once',
  },
  'value-quoted': {
    why: 'To browsers the quotes are part of the value: they are kept, count for the size, and come back. Some servers take them off when they read, others do not, so the same cookie has two values.',
    fix: 'Leave them out; a value needs none. Where one program writes and reads it and gets along, leave it.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const line = 'theme="dark"; Path=/; Secure; HttpOnly; SameSite=Lax';
      console.log(lintSetCookie(line)[0]?.code); // → value-quoted
    `,
  },
  'value-octets': {
    why: 'Spaces, commas, quotes, backslashes and letters beyond ASCII are no characters of a cookie value. Browsers pass most of them on, but proxies and servers trim, split or decode them in ways of their own.',
    fix: 'Write `encodeURIComponent(value)` and decode when reading, or use `defineCookie`, which does both.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const good = '; Path=/; Secure; HttpOnly; SameSite=Lax';
      console.log(lintSetCookie('sizes=s,m,l' + good)[0]?.code); // → value-octets
      console.log(lintSetCookie('sizes=s%2Cm%2Cl' + good).length); // → 0
    `,
    guide: 'cookies.md#beyond-ascii',
  },
  'line-too-long': {
    why: 'Name and value may be small enough for browsers; it is the whole line with its attributes that is long. Proxies have buffers for the headers of an answer (4 or 8 KB in nginx) and answer 502, or drop headers, when one overflows.',
    fix: 'Keep the data on the server, in a session with a store, and an id in the cookie. If the proxy is yours, its buffer can be raised (proxy_buffer_size).',
    example: `
      import { lintSetCookie } from 'hallpass';

      const good = '; Path=/; Secure; HttpOnly; SameSite=Lax';
      const line = 'cart=' + 'x'.repeat(4_080) + good;
      console.log(lintSetCookie(line)[0]?.code); // → line-too-long
    `,
    guide: 'sessions.md#without-a-store',
  },
  'lines-joined': {
    why: 'Several Set-Cookie fields were joined into one by commas, as is right for other headers and wrong for this one, where a comma stands in dates. Browsers take the first cookie and read the rest as attributes of it; the other cookies are lost.',
    fix: "Send one field for each cookie. Copying an answer, use `headers.getSetCookie()` and `append` each, not `headers.get('set-cookie')` and `set`; on API Gateway use multiValueHeaders or cookies.",
    example: `
      import { lintSetCookie } from 'hallpass';

      const line = 'a=1; Path=/; Secure; HttpOnly; SameSite=Lax, b=2; Path=/';
      const [worst] = lintSetCookie(line);
      console.log(worst?.level, worst?.code); // → error lines-joined
    `,
  },
  'attribute-unknown': {
    why: 'Something stands behind a semicolon that no browser knows, and it does nothing. Either it is a wish that nobody grants (Version, Comment), or the value itself holds a semicolon, and what stands behind it is lost.',
    fix: 'Remove it. If it belongs to the value, encode the value: a semicolon is %3B. A new attribute that you know to be real does no harm; leave it.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const line = 'a=1; Path=/; Secure; HttpOnly; SameSite=Lax; Version=1';
      console.log(lintSetCookie(line)[0]?.code); // → attribute-unknown
    `,
  },
  'attribute-misspelt': {
    why: 'Browsers ignore what they do not know, without a word. A cookie with HttpOnyl is readable for scripts, one with Same-Site has no SameSite, and one with Expire ends with the session of the browser.',
    fix: 'Write it as the finding says. `serializeSetCookie` and `defineCookie` take attributes as fields, which the type checker compares.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const line = 'a=1; Path=/; Secure; HttpOnyl; SameSite=Lax';
      console.log(lintSetCookie(line)[0]?.code); // → attribute-misspelt
    `,
  },
  'attribute-repeated': {
    why: 'Two parts of the program each added their own. Browsers take the last one, also where the first was the stricter.',
    fix: 'Find the second one: often a proxy appends "; Secure; SameSite=None" to every line, or a framework has defaults of its own. Say it in one place.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const line = 'a=1; Path=/app; Secure; HttpOnly; SameSite=Lax; Path=/';
      console.log(lintSetCookie(line)[0]?.code); // → attribute-repeated
    `,
  },
  'attribute-too-long': {
    why: 'The value of an attribute has more than 1024 octets. Browsers drop the attribute and keep the cookie, so a Path or a Domain that was to narrow it is gone.',
    fix: 'Shorten it; a URL with its query is no Path. Use Path=/ and keep the rest elsewhere.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const path = '/' + 'p'.repeat(1_024);
      const line = 'a=1; Secure; HttpOnly; SameSite=Lax; Path=' + path;
      console.log(lintSetCookie(line)[0]?.code); // → attribute-too-long
    `,
  },
  'flag-with-value': {
    why: 'Secure, HttpOnly and Partitioned are on when they are there, whatever stands behind them. `Secure=false` is as secure as `Secure`, which is mostly the opposite of what was meant.',
    fix: 'To switch it off leave it out; to switch it on write the word alone.',
    example: `
      import { lintSetCookie, parseSetCookie } from 'hallpass';

      const line = 'a=1; Path=/; Secure=false; HttpOnly; SameSite=Lax';
      console.log(parseSetCookie(line)?.secure); // → true
      console.log(lintSetCookie(line)[0]?.code); // → flag-with-value
    `,
  },
  'expires-unreadable': {
    why: 'No date can be read from it: a number of seconds, an ISO date, a word in another language. Browsers ignore it, so the cookie ends with the session of the browser, or is not deleted where that was the aim.',
    fix: 'Use Max-Age in seconds, or `date.toUTCString()`, which has the right form. `defineCookie` takes `maxAge` or `expires: Date`.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const line = 'a=1; Path=/; Secure; HttpOnly; SameSite=Lax; Expires=';
      const [finding] = lintSetCookie(line + '1893456000');
      console.log(finding?.code); // → expires-unreadable
      console.log(lintSetCookie(line + new Date(0).toUTCString()).length); // → 0
    `,
  },
  'expires-not-fixdate': {
    why: 'Browsers read dates leniently, and they read this one; other programs may not, and a wrong weekday or a two-digit year is read as each likes.',
    fix: 'Write it as the finding shows: `date.toUTCString()` gives that form. If only browsers read it and the instant is right, leave it.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const good = 'a=1; Path=/; Secure; HttpOnly; SameSite=Lax';
      const line = good + '; Expires=Mon, 21 Nov 2026 10:00:00 GMT'; // a Saturday
      console.log(lintSetCookie(line)[0]?.code); // → expires-not-fixdate
    `,
  },
  'max-age-unreadable': {
    why: 'It is a fraction, a duration with a letter (30m), a word, or empty. Browsers ignore it; with an Expires beside it that one counts, else the cookie ends with the session of the browser.',
    fix: "Write whole seconds: 1800 for half an hour. `defineCookie('a', { maxAge: '30m' })` writes them for you.",
    example: `
      import { defineCookie, lintSetCookie } from 'hallpass';

      const line = 'a=1; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=30m';
      console.log(lintSetCookie(line)[0]?.code); // → max-age-unreadable
      const defined = defineCookie('a', { maxAge: '30m' });
      console.log(defined.serialize('1').includes('Max-Age=1800')); // → true
    `,
  },
  'path-relative': {
    why: 'A Path has to begin with a slash. Browsers ignore this one and take the folder of the URL that set the cookie, so it is sent to fewer pages, or others, than was meant.',
    fix: 'Write Path=/, or the whole path from the root: Path=/app.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const line = 'a=1; Path=app; Secure; HttpOnly; SameSite=Lax';
      console.log(lintSetCookie(line)[0]?.code); // → path-relative
    `,
  },
  'path-unsaid': {
    why: 'Without Path a cookie belongs to the folder of the URL that set it: from /auth/login that is /auth, and no other page gets it. The same code behind another route sets another cookie beside it.',
    fix: 'Write Path=/, unless that folder is meant. `defineCookie` always writes one.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const url = 'https://app.example.com/auth/login';
      const line = 'a=1; Secure; HttpOnly; SameSite=Lax';
      console.log(lintSetCookie(line, { url })[0]?.code); // → path-unsaid
    `,
  },
};
