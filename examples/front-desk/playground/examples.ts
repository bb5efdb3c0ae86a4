import type { Question } from './judge.ts';

/** What the page offers to begin with. Made up, all of it. */
export const examples: readonly (Question & { readonly title: string })[] = [
  {
    title: 'SameSite=None without Secure',
    text: 'Set-Cookie: session=secret; Path=/; HttpOnly; SameSite=None',
    from: 'https://app.example.com/login',
  },
  {
    title: 'Gone after the sign-in elsewhere',
    text: 'Set-Cookie: session=secret; Path=/; HttpOnly; Secure; SameSite=Strict',
    from: 'https://app.example.com/login',
    journey: 'cross-site-link',
  },
  {
    title: 'curl -v: 401 after a redirect',
    text: `* Connected to site.example (192.0.2.1) port 443
> GET /api/items HTTP/1.1
> Host: site.example
> Authorization: Bearer secret
>
< HTTP/1.1 301 Moved Permanently
< Location: https://www.site.example/api/items
<
* Connected to www.site.example (192.0.2.1) port 443
> GET /api/items HTTP/1.1
> Host: www.site.example
>
< HTTP/1.1 401 Unauthorized
<`,
  },
  {
    title: 'The options of a program',
    text: `res.cookie('__Host-id', id, {
  domain: 'example.com',
  path: '/',
  secure: true,
  httpOnly: true,
  sameSite: 'lax',
})`,
    from: 'https://app.example.com/',
  },
];
