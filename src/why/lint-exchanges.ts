/** What went wrong between requests that somebody wrote down. */
export const lintExchanges = {
  'deletion-missed': {
    why: 'A cookie is deleted by setting it again with a date that has passed, and to be the same one it needs the same name, Path and Domain. This line has another Path, as the folder of the URL where none is said, or another Domain; so the browser deletes nothing, and the old cookie keeps coming.',
    fix: 'Write the Path and the Domain that the cookie was set with; Path=/ mostly. `cookies.delete(definition)` does so by itself, and reaches the former paths and domains of the definition too.',
    example: `
      import { lintExchanges } from 'hallpass';

      const url = new URL('https://app.example/account/logout');
      const set = ['set-cookie', 'id=1; Path=/; Secure'] as const;
      const end = ['set-cookie', 'id=; Max-Age=0'] as const;
      const [login, logout] = lintExchanges([
        { url, responseHeaders: [set] },
        { url, responseHeaders: [end] },
      ]);
      console.log(login?.findings.length); // → 0
      console.log(logout?.findings[0]?.code); // → deletion-missed
    `,
  },
  'cors-any-origin': {
    why: 'The request came with cookies, and the answer is offered to everybody: browsers do not let a page read such an answer, for any site could then read what is meant for the visitor. The request was made, so its effects stay; curl and Postman know no pages and show it.',
    fix: 'Answer with the origin that asks, where it is one of yours, with Access-Control-Allow-Credentials: true and Vary: Origin. Here: `cors: { origins: [origin], credentials: true }`. Or fetch without credentials where no cookie is needed.',
    example: `
      import { lintExchanges } from 'hallpass';

      const [exchange] = lintExchanges([
        {
          url: new URL('https://api.example/'),
          status: 200,
          requestHeaders: [['origin', 'https://app.example'], ['cookie', 'id=1']],
          responseHeaders: [['access-control-allow-origin', '*']],
        },
      ]);
      console.log(exchange?.findings[0]?.code); // → cors-any-origin
    `,
  },
  'cors-no-credentials': {
    why: "The origin may read the answer, but not with the visitor's cookies: without Access-Control-Allow-Credentials: true the browser shows the page a network error, where it asked with credentials, and where it did not it keeps no cookie of the answer.",
    fix: "Send Access-Control-Allow-Credentials: true to the origins that may act as the visitor; here `cors: { origins, credentials: true }`. The page has to ask with `credentials: 'include'`.",
    example: `
      import { lintExchanges } from 'hallpass';

      const origin = 'https://app.example';
      const [exchange] = lintExchanges([
        {
          url: new URL('https://api.example/'),
          status: 200,
          requestHeaders: [['origin', origin], ['cookie', 'id=1']],
          responseHeaders: [['access-control-allow-origin', origin]],
        },
      ]);
      console.log(exchange?.findings[0]?.code); // → cors-no-credentials
    `,
  },
};
