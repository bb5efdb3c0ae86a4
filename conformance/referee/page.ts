/** An act of a page, with the URL that it asks for. */
export interface FilledAct {
  readonly kind: 'fetch' | 'post' | 'image' | 'frame' | 'read' | 'write';
  readonly url: string;
  readonly line?: string;
}

/** How the window goes on from this page: `undefined` in a frame, which tells the page around it that it is done. */
export type Leave = { readonly url: string; readonly post: boolean } | undefined;

/** A page that does its acts, one after the other, and leaves for the next one. */
export function pageOf(acts: readonly FilledAct[], leave: Leave): string {
  const plan = JSON.stringify({ acts, leave }).replaceAll('<', '\\u003c');
  return `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script>
const { acts, leave } = ${plan};
${script}</script>`;
}

const script = `
const perform = {
  fetch: (act) => fetch(act.url, { mode: 'no-cors', credentials: 'include', cache: 'no-store' }),
  post: (act) => fetch(act.url, { mode: 'no-cors', credentials: 'include', method: 'POST', body: 'x' }),
  image: (act) => new Promise((done) => {
    const image = new Image();
    image.onload = image.onerror = done;
    image.src = act.url;
  }),
  frame: (act) => new Promise((done) => {
    addEventListener('message', done, { once: true });
    const frame = document.createElement('iframe');
    frame.src = act.url;
    document.body.append(frame);
  }),
  write: (act) => { document.cookie = act.line; },
  read: (act) => {
    const seen = encodeURIComponent(document.cookie);
    return fetch(act.url, { method: 'POST', credentials: 'omit', headers: { 'content-type': 'text/plain' }, body: seen });
  },
};
(async () => {
  for (const act of acts) {
    try { await perform[act.kind](act); } catch {}
  }
  if (!leave) parent.postMessage('done', '*');
  else if (leave.post) {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = leave.url;
    document.body.append(form);
    form.submit();
  } else {
    const link = document.createElement('a');
    link.href = leave.url;
    document.body.append(link);
    link.click();
  }
})();
`;
