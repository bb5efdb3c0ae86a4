/**
 * README.md as the first page of the site: what this is and where to go next, before everything else.
 * @throws Error where README.md no longer begins with a heading and a bold sentence
 */
export function frontPage(readme: string): string {
  const [, what, how, rest] = /^# .+\n\n\*\*(.+?)\.\*\*\s+([\s\S]+?)\n\n([\s\S]+)$/.exec(readme) ?? [];
  if (what === undefined || how === undefined || rest === undefined)
    throw new Error(
      'README.md begins otherwise than with a heading and a bold sentence: see site/front-page.ts.',
    );
  return `---
title: hallpass
titleTemplate: ${what}
aside: false
---

<div class="front">

# ${what}

${how}

${ways}
</div>

${rest}`;
}

const ways = `<p class="front-ways">
<a class="front-first" href="./start">The first session in five minutes</a>
<a href="./guides">All guides</a>
</p>

<ul class="front-cards">
<li><strong>On the server</strong>Sessions that lose no write and end everywhere at once; tokens; CSRF and CORS, in Express, Hono, Fastify, Next.js and others. <a href="./sessions">Sessions</a></li>
<li><strong>As a client</strong>A fetch with a cookie jar and credentials that stay with their origin, through every redirect, and a trace of each hop. <a href="./client">Client</a></li>
<li><strong>Why?</strong>Every refusal has a code, a sentence and a source. Paste a cookie, and read what browsers do with it. <a href="./playground/" target="_self">Playground</a></li>
</ul>
`;
