import { equal } from '../crypto/index.ts';
import { type Exchange, pathOf } from '../server/exchange.ts';
import { type Explained, explain } from '../why/index.ts';
import { whyNotShown } from './guard.ts';
import type { PanelLog } from './log.ts';
import { panelScript } from './page-script.ts';
import { panelStyle } from './page-style.ts';

/** Nothing is loaded but from here, nothing runs but the panel's own script, and no page may frame it. */
const headers = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** No more tabs than this are kept up to date. */
const mostReaders = 20;

/**
 * The answer of the panel; `undefined` for a request that is for the app.
 * @param path where the panel lies
 * @param token what stands behind that path for whoever may see it
 */
export function panelAnswer(
  exchange: Exchange,
  path: string,
  token: string,
  log: PanelLog,
): Response | undefined {
  const asked = pathOf(exchange.url);
  if (asked !== path && !asked.startsWith(`${path}/`)) return undefined;
  const against = whyNotShown(exchange);
  if (against !== undefined) return text(404, `The panel is not shown here: ${against}`);
  if (exchange.method !== 'GET' && exchange.method !== 'HEAD') return text(405, 'The panel is for reading.');
  const [, given = '', rest = ''] = /^\/([^/]*)(.*)$/s.exec(asked.slice(path.length)) ?? [];
  if (!equal(given, token))
    return text(
      404,
      'The panel is not shown here: open its address with the token, as the console of the server has it.',
    );
  const base = `${path}/${token}`;
  switch (rest) {
    case '':
    case '/':
      return answer(page(base), 'text/html; charset=utf-8');
    case '/panel.js':
      return answer(panelScript, 'text/javascript; charset=utf-8');
    case '/panel.css':
      return answer(panelStyle, 'text/css; charset=utf-8');
    case '/requests':
      return answer(JSON.stringify(log.entries), 'application/json');
    case '/live':
      if (log.readers >= mostReaders) return text(503, 'The panel is open in too many tabs: close some.');
      return answer(exchange.method === 'HEAD' ? null : log.stream(), 'text/event-stream');
  }
  const explained = explain(/^\/why\/([a-z-]+)$/.exec(rest)?.[1] ?? '');
  if (explained !== undefined) return answer(whyPage(base, explained), 'text/html; charset=utf-8');
  return text(404, 'The panel has no such page.');
}

const answer = (body: string | ReadableStream<Uint8Array> | null, type: string) =>
  new Response(body, { headers: { ...headers, 'content-type': type } });

const text = (status: number, sentence: string) =>
  new Response(`${sentence}\n`, {
    status,
    headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' },
  });

const head = (base: string, title: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${base}/panel.css">
`;

const page = (base: string) => `${head(base, 'hallpass: requests')}<body data-base="${base}">
<header>
  <h1>hallpass</h1>
  <p id="state" role="status">Connecting …</p>
  <label><input type="checkbox" id="only"> Only what was refused</label>
</header>
<main>
  <p id="empty">No request has come yet. Open the app in another tab.</p>
  <ol id="requests" reversed></ol>
</main>
<script src="${base}/panel.js" type="module"></script>
</body>
</html>
`;

const whyPage = (base: string, { code, sentence, why, fix, source, example }: Explained) =>
  `${head(base, `hallpass: ${code}`)}<body>
<header><h1>${code}</h1><p><a href="${base}">All requests</a></p></header>
<main class="why">
  <p class="sentence">${escaped(sentence).replaceAll(/\{(\w+)\}/g, '<i>$1</i>')}</p>
  <h2>What happened</h2>
  <p>${escaped(why)}</p>
  <h2>What to do</h2>
  <p>${escaped(fix)}</p>
  <h2>It shows itself</h2>
  <pre tabindex="0"><code>${escaped(example)}</code></pre>
  <p class="source">Source: ${escaped(source)}</p>
</main>
</body>
</html>
`;

const escaped = (plain: string) =>
  plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('`', '').replaceAll('>', '&gt;');
