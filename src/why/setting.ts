/** Why a cookie that an answer sets is not kept. */
export const setting = {
  'cookie-control-character': {
    why: 'A line end, a NUL or another character below a space got into the line, mostly from a value that was written as it is. Browsers drop the whole line, and the cookie that they had before stays.',
    fix: 'Encode the value: `encodeURIComponent(value)`, or define the cookie with `defineCookie`, which does so. Look where the text came from: a line end that a visitor put into a header is an attack.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = 'https://app.example.com/';
      const set = (line: string) => new CookieJar().set(line, url);
      const note = 'one\\ntwo';
      const verdict = set('note=' + note);
      console.log(verdict.reasons[0]?.code); // → cookie-control-character
      console.log(set('note=' + encodeURIComponent(note)).allowed); // → true
    `,
    guide: 'cookies.md#beyond-ascii',
  },
  'cookie-empty': {
    why: 'Nothing stands before the first semicolon, or a lone equals sign. There is no cookie in such a line, whatever attributes follow; mostly name and value came from variables that were empty.',
    fix: 'Find the variable that was empty. To delete a cookie, name it and let it expire (`id=; Max-Age=0; Path=/`), as `definition.delete` does; an empty value alone is fine.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = 'https://app.example.com/';
      const set = (line: string) => new CookieJar().set(line, url);
      console.log(set('=; Path=/').reasons[0]?.code); // → cookie-empty
      console.log(set('id=; Path=/').allowed); // → true
    `,
  },
  'cookie-name-empty': {
    why: 'The standard keeps a cookie without a name, and sends its value alone. Chromium refuses one whose value holds another equals sign, Firefox every one whose line begins with an equals sign: a server would read `=a=b` as the cookie a.',
    fix: 'Give the cookie a name. Only the answers for those engines say this; a jar that follows the standard keeps the cookie.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = 'https://app.example.com/';
      console.log(new CookieJar().set('=a=b', url).allowed); // → true
      const jar = new CookieJar({ engine: 'chromium' });
      console.log(jar.set('=a=b', url).reasons[0]?.code); // → cookie-name-empty
    `,
  },
  'third-party-cookie': {
    why: 'A page of one host asked another host for something, and the answer set a cookie for that other host. WebKitGTK keeps no such cookie, whatever SameSite says, not even from a host below to its parent; Safari does the same across sites.',
    fix: 'Set the cookie in an answer to a top-level navigation, or serve both under one host. Across hosts of one site, `Domain=example.com` covers the page too.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = 'https://api.example.com/';
      const initiator = { page: 'https://www.example.com/' };
      const jar = new CookieJar({ engine: 'webkit' });
      const hop = { url, method: 'GET', initiator, time: Date.now() };
      const [own] = jar.set('id=7', url, hop).reasons;
      console.log(own?.code); // → third-party-cookie
      const wide = jar.set('id=7; Domain=example.com', url, hop);
      console.log(wide.allowed); // → true
    `,
  },
  'cookie-too-large': {
    why: 'Browsers keep no cookie whose name and value have more than 4096 octets together, and say nothing about it: the visitor goes on with the older, smaller cookie. Octets are counted, so a letter beyond ASCII counts two to four times, or six to twelve when it is percent-encoded.',
    fix: 'Keep the data on the server and an id in the cookie: `createSessions({ store })` in place of `sealed`, or a row of your own. Several smaller cookies are no way out, since servers limit the header of all of them, often to 8 KB.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = 'https://app.example.com/';
      const set = (line: string) => new CookieJar().set(line, url);
      const verdict = set('cart=' + 'x'.repeat(4093));
      console.log(verdict.reasons[0]?.code); // → cookie-too-large
      console.log(set('cart=' + 'x'.repeat(4092)).allowed); // → true
    `,
    guide: 'sessions.md#without-a-store',
  },
  'domain-not-ascii': {
    why: 'A host beyond ASCII has two spellings, and only the one with xn-- is used on the wire. A Domain in the other spelling matches no host, so the cookie is dropped.',
    fix: 'Write the A-label, as `new URL("https://bücher.example").hostname` gives it. Or leave Domain out: then the cookie belongs to the host that set it.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = new URL('https://bücher.example/');
      const set = (line: string) => new CookieJar().set(line, url);
      const verdict = set('a=1; Domain=bücher.example');
      console.log(verdict.reasons[0]?.code); // → domain-not-ascii
      console.log(set('a=1; Domain=' + url.hostname).allowed); // → true
    `,
  },
  'domain-public-suffix': {
    why: 'Under this domain strangers register names of their own (co.uk, github.io, vercel.app), so browsers refuse a cookie that all of them would get. They know such domains from the Public Suffix List.',
    fix: 'Leave Domain out: a host-only cookie is always possible. To share it among hosts of yours, name the registrable domain (example.co.uk). For a network whose names are on no list, `new CookieJar({ suffixes })` takes another list, and `false` takes none.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = 'https://shop.co.uk/';
      const set = (line: string) => new CookieJar().set(line, url);
      const verdict = set('a=1; Domain=co.uk');
      console.log(verdict.reasons[0]?.code); // → domain-public-suffix
      console.log(set('a=1; Domain=shop.co.uk').allowed); // → true
    `,
  },
  'domain-foreign': {
    why: 'The Domain is neither the host that answered nor a parent of it. It is often the production domain on localhost, the name of a sibling (api.example.com for app.example.com), or the name of a server behind a proxy that the browser has never heard of.',
    fix: 'Leave Domain out, or name the parent that both hosts have (`domain: "example.com"`). The host that counts is the one in the address bar or in the URL of the fetch. A cookie for a host of another domain can only be set by that host.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = 'https://app.example.com/';
      const set = (line: string) => new CookieJar().set(line, url);
      const verdict = set('a=1; Domain=api.example.com');
      console.log(verdict.reasons[0]?.code); // → domain-foreign
      console.log(set('a=1; Domain=example.com').allowed); // → true
    `,
  },
  'secure-from-insecure': {
    why: 'An answer over plain http can be written by anybody on the way, so it may not set a cookie that is kept for https. The visit in the browser was over http; that TLS ends at a proxy in front of the server does no harm.',
    fix: 'Serve https, and redirect http to it before anything is set. For development Chromium and Firefox make an exception for localhost and Safari makes none; the jar makes it with `secureOnLoopback: true`, the command line with `--secure-on-loopback`.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const [line, url] = ['id=7; Secure', 'http://localhost:3000/'];
      const verdict = new CookieJar().set(line, url);
      console.log(verdict.reasons[0]?.code); // → secure-from-insecure
      const jar = new CookieJar({ secureOnLoopback: true });
      console.log(jar.set(line, url).allowed); // → true
    `,
    guide: 'faq.md#the-browser-does-not-keep-my-cookie',
  },
  'overlays-secure': {
    why: 'The browser holds a Secure cookie of this name for this host or one related to it. If an answer over http could put another one beside it, whoever sits on the way could plant a session of their own choice.',
    fix: 'Set the cookie over https only; redirect http to https, and set nothing on the way. Give a cookie that http pages really need a name of its own. When this shows up in a browser and you set no such cookie over http, somebody else tried.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const jar = new CookieJar();
      jar.set('id=7; Secure', 'https://app.example.com/');
      const verdict = jar.set('id=8', 'http://app.example.com/');
      console.log(verdict.reasons[0]?.code); // → overlays-secure
    `,
  },
  'http-only-from-script': {
    why: 'document.cookie was used to write a cookie that only HTTP may touch. The assignment throws nothing and does nothing; a sign-out that "deletes" the session cookie in a script leaves it where it was.',
    fix: 'Let the server do it: an answer with a Set-Cookie line sets, changes and deletes HttpOnly cookies. Sign out by a request. If a script has to write the cookie, it is no secret: leave HttpOnly out.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = 'https://app.example.com/';
      const jar = new CookieJar();
      jar.set('id=7; HttpOnly', url);
      const script = {
        url,
        method: 'GET',
        initiator: { page: url },
        time: 0,
        script: true,
      };
      const verdict = jar.set('id=; Max-Age=0', url, script);
      console.log(verdict.reasons[0]?.code); // → http-only-from-script
    `,
    guide: 'server.md#signing-out',
  },
  'same-site-from-cross-site': {
    why: 'A page of another site fetched, framed or embedded this answer. A Lax or Strict cookie would not be sent with such requests, and so it is not taken from their answers either; a cookie that says no SameSite counts as Lax.',
    fix: 'Serve page and API under one site (app.example.com and api.example.com are one). A cookie that has to work inside other sites says `SameSite=None; Secure; Partitioned`; the page also has to ask, with `credentials: "include"`, and the server to answer with CORS credentials. If the cookie is set on every visit and this is an image or a frame elsewhere, leave it.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = 'https://api.example.com/';
      const page = 'https://shop.example.org/';
      const hop = { url, method: 'GET', initiator: { page }, time: 0 };
      const set = (line: string) => new CookieJar().set(line, url, hop);
      console.log(set('id=7').reasons[0]?.code); // → same-site-from-cross-site
      const line = 'id=7; SameSite=None; Secure; Partitioned';
      console.log(set(line).allowed); // → true
    `,
    guide: 'server.md#cors-and-cookies',
  },
  'none-without-secure': {
    why: 'SameSite=None lets every site send the cookie, and browsers accept that over https only. Without Secure they drop the whole cookie; they do not fall back to Lax.',
    fix: 'Add Secure, and serve https. If the cookie is for your own site only, `SameSite=Lax` is what you want. `defineCookie` refuses the combination when it is written.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = 'https://app.example.com/';
      const set = (line: string) => new CookieJar().set(line, url);
      const verdict = set('id=7; SameSite=None');
      console.log(verdict.reasons[0]?.code); // → none-without-secure
      console.log(set('id=7; SameSite=None; Secure').allowed); // → true
    `,
  },
  'partitioned-without-secure': {
    why: 'A partitioned cookie is kept apart for each top-level site, and that is for https only. Browsers that know the attribute drop the cookie; older ones do not know it and keep the cookie unpartitioned.',
    fix: 'Add Secure, and mostly SameSite=None: a partition is of use to a cookie that is embedded in other sites. Otherwise leave Partitioned out.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = 'https://app.example.com/';
      const set = (line: string) => new CookieJar().set(line, url);
      const verdict = set('id=7; Partitioned');
      console.log(verdict.reasons[0]?.code); // → partitioned-without-secure
      const line = 'id=7; Partitioned; Secure; SameSite=None';
      console.log(set(line).allowed); // → true
    `,
  },
  'prefix-secure': {
    why: 'The name is a promise that browsers enforce: a cookie called so was set with Secure over https, or it does not exist. This line breaks it, so it is dropped. Upper and lower case make no difference.',
    fix: 'Add Secure. Better, where no other host has to read the cookie: call it __Host-…, which no sibling host can plant.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = 'https://app.example.com/';
      const set = (line: string) => new CookieJar().set(line, url);
      console.log(set('__Secure-id=7').reasons[0]?.code); // → prefix-secure
      console.log(set('__Secure-id=7; Secure').allowed); // → true
    `,
  },
  'prefix-host': {
    why: 'A cookie of this name belongs to one host alone, all paths of it, over https. Mostly Path=/ is missing (the folder of the URL is then the default), or a framework added a Domain, and the whole cookie is dropped.',
    fix: 'Write `Secure; Path=/` and no Domain. If other hosts have to read it, or it is for one path, use __Secure- or no prefix. For development over http take a name without a prefix.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = 'https://app.example.com/';
      const set = (line: string) => new CookieJar().set(line, url);
      console.log(set('__Host-id=7; Secure').reasons[0]?.code); // → prefix-host
      console.log(set('__Host-id=7; Secure; Path=/').allowed); // → true
    `,
  },
  'prefix-http': {
    why: 'The name promises that no script made this cookie: an answer set it, over https, with HttpOnly. The line does not keep that promise, or a script tried to write it.',
    fix: 'Write `Secure; HttpOnly`, and set it from the server. The prefix is young; browsers that do not know it treat the name as any other.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = 'https://app.example.com/';
      const set = (line: string) => new CookieJar().set(line, url);
      console.log(set('__Http-id=7; Secure').reasons[0]?.code); // → prefix-http
      console.log(set('__Http-id=7; Secure; HttpOnly').allowed); // → true
    `,
  },
  'prefix-host-http': {
    why: 'This prefix joins the promises of __Host- and __Http-: one host, all its paths, https, and never touched by a script. One of the four attributes is missing or too many.',
    fix: 'Write `Secure; HttpOnly; Path=/` and no Domain. Browsers that do not know it yet still hold it to the rules of __Host-, as its name starts so.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = 'https://app.example.com/';
      const set = (line: string) => new CookieJar().set(line, url);
      const good = '__Host-Http-id=7; Secure; HttpOnly; Path=/';
      const verdict = set('__Host-Http-id=7; Path=/');
      console.log(verdict.reasons[0]?.code); // → prefix-host-http
      console.log(set(good).allowed); // → true
    `,
  },
  'nameless-prefix': {
    why: 'A cookie without a name is sent as its value alone. Were the value "__Host-id=7", the server would read a cookie that has broken every rule of its prefix, so browsers drop it.',
    fix: 'Write name=value, without an equals sign in front. When you did not write this line, look who can set cookies on the host: it is a known way to plant a session.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const verdict = new CookieJar().set(
        '=__Host-id=7',
        'https://app.example.com/',
      );
      console.log(verdict.reasons[0]?.code); // → nameless-prefix
    `,
  },
  'saved-cookie-impossible': {
    why: 'A jar took in cookies from a file or from another library, and no server could ever have set this one: a semicolon in the name, a host that is none, a path without a slash. Sending it would write a header that says something else.',
    fix: 'Correct the file where you wrote it by hand, or set the cookie as a server would: `jar.set(line, url)`. The other cookies of the file were taken. A file that somebody else gave you is not to be trusted further than this.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const flags = { hostOnly: true, secure: true, httpOnly: true };
      const cookie = {
        name: 'a;b',
        value: '1',
        domain: 'example.com',
        path: '/',
        ...flags,
      };
      const [verdict] = new CookieJar().add([cookie]);
      console.log(verdict?.reasons[0]?.code); // → saved-cookie-impossible
    `,
    guide: 'cookies.md#keep-a-jar-and-move-one',
  },
  'lifetime-capped': {
    why: 'This is a warning: the cookie is kept, but no user agent that follows the standard keeps it longer than 400 days from the moment it was set. A date in 2099 is such a wish.',
    fix: "Ask for what you get: `maxAge: '400d'` at the most, and set the cookie again while it is in use if it has to last longer. Where a few days more or less do not matter, leave it.",
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = 'https://app.example.com/';
      const set = (line: string) => new CookieJar().set(line, url);
      const verdict = set('id=7; Max-Age=315360000'); // ten years
      console.log(verdict.allowed); // → true
      console.log(verdict.warnings[0]?.code); // → lifetime-capped
    `,
  },
};
