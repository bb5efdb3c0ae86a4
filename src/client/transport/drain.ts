/** How much of a redirect's body is read, so that its connection can be used again. */
const drainedOctets = 1 << 16;

/** Reads an answer that nobody wants, so that its connection is free. Lets the connection go when that is long. Never rejects. */
export async function drain(response: Response, giveUp: (then: () => void) => () => void): Promise<void> {
  const body = bodyOf(response);
  if (body === null || body.locked) return;
  const reader = body.getReader();
  const letGo = () => void reader.cancel().catch(() => {});
  const cancel = giveUp(letGo);
  try {
    let left = drainedOctets;
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      left -= read.value.byteLength;
      if (left < 0) return letGo();
    }
  } catch {
    // A redirect's body says nothing that the call needs.
  } finally {
    cancel();
  }
}

/** The body of an answer; null where its codings cannot be undone, and its connection is given up. */
function bodyOf(response: Response): Response['body'] {
  try {
    return response.body;
  } catch {
    return null;
  }
}
