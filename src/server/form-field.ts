/** True for the media type of a form without files, whatever its parameters. */
export function isUrlencoded(contentType: string | null | undefined): boolean {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}

/**
 * A field of the request's urlencoded body, read from a copy; `undefined` when there is none, when somebody reads the body
 * already, and for a longer body.
 * @param limit bytes
 */
export async function formFieldOf(
  request: Request,
  name: string,
  limit: number,
): Promise<string | undefined> {
  const { headers } = request;
  if (!isUrlencoded(headers.get('content-type'))) return undefined;
  if (request.bodyUsed || request.body?.locked) return undefined;
  if (Number(headers.get('content-length') ?? 0) > limit) return undefined;
  const form = await textUpTo(request.clone().body, limit);
  return form === undefined ? undefined : (new URLSearchParams(form).get(name) ?? undefined);
}

/** The whole text of a body; `undefined` when it is longer, or breaks off. */
async function textUpTo(body: ReadableStream<Uint8Array> | null, limit: number): Promise<string | undefined> {
  if (body === null) return undefined;
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      length += part.value.byteLength;
      if (length > limit) {
        // Settles only when the handler's own branch is cancelled too.
        reader.cancel().catch(() => {});
        return undefined;
      }
      text += decoder.decode(part.value, { stream: true });
    }
  } catch {
    return undefined;
  }
  return text + decoder.decode();
}
