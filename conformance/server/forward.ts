/** Sends a request of a page to where its host really listens. */
export async function forward(request: Request, base: string): Promise<Response> {
  const { url, method, headers } = request;
  const { pathname, search } = new URL(url);
  const body = request.body === null ? undefined : await request.arrayBuffer();
  return fetch(base + pathname + search, { method, headers, body, redirect: 'manual' });
}
