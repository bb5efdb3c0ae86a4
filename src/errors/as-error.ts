/**
 * What a function of the options threw, as an error: a framework takes what is none for no error at all, or for a word of its own, as
 * Express takes 'route', and would go on to the handler. An object stays, be it a `Response`, which is an answer.
 */
export function asError(thrown: unknown): object {
  if (typeof thrown === 'object' && thrown !== null) return thrown;
  return new TypeError('A function of the options threw what is no error: throw an Error.', {
    cause: thrown,
  });
}
