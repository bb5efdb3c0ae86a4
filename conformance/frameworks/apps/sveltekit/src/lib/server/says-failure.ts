import type { RequestEvent } from '@sveltejs/kit';

/**
 * True for an answer with 200 whose body says that a load or a remote function has failed, as Kit answers its own script. So
 * nothing is kept where `handleError` is missing, or another one has taken its place.
 */
export async function saysFailure(
  {
    isDataRequest,
    isRemoteRequest,
    locals,
  }: Pick<RequestEvent, 'isDataRequest' | 'isRemoteRequest' | 'locals'>,
  answer: Response,
): Promise<boolean> {
  const isOfKit = /json|sveltekit-data/.test(answer.headers.get('content-type') ?? '');
  if (!(isDataRequest || isRemoteRequest) || !isOfKit || answer.status !== 200) return false;
  const { nodes = [], ...whole } = JSON.parse(await firstLine(answer)) as Part & { nodes?: (Part | null)[] };
  const lowest = locals.hasFailed === true ? 400 : 500; // Where `handleError` gave an error of ours a status of its own.
  return [whole, ...nodes].some((part) => part?.type === 'error' && (part.error?.status ?? 500) >= lowest);
}

interface Part {
  type?: string;
  error?: { status: number };
}

/** Of what is streamed, the promises of a load come after it. */
async function firstLine(answer: Response): Promise<string> {
  const reader = answer.clone().body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (reader !== undefined && !text.includes('\n')) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
  }
  void reader?.cancel();
  return text.split('\n', 1)[0] ?? '';
}
