import type { ServerResponse } from 'node:http';

/** What a pipe, a `pipeline` and `finished` of node:stream listen with: they write no more then, and let their source go. */
const listenerOfWriters = 'onfinish';

/** Tells whoever pipes into a response that it has finished, and nobody else: the answer has ended, and another takes its place. */
export function detachWriters(response: ServerResponse): void {
  for (const once of response.rawListeners('finish')) {
    const { listener = once } = once as { listener?: { name: string } };
    if (listener.name === listenerOfWriters) Reflect.apply(once, response, []);
  }
}

/** Lets go of the sources that `pipe` has on a response whose connection was destroyed: none of them ends it behind that, as none does once it has closed. */
export function detachPipes(response: ServerResponse): void {
  for (const once of response.rawListeners('close')) {
    const { listener } = once as { listener?: { name: string } };
    if (listener?.name === 'onclose') Reflect.apply(once, response, []);
  }
}
