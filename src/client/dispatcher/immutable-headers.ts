let prototype: Headers | undefined;

/** The same headers, into which nobody can write any more, as those of an answer of fetch. Fetch §2.2.2, the guard "immutable". */
export function immutable(headers: Headers): Headers {
  // Made on first use: to look at `Headers` makes Node load all that belongs to fetch.
  prototype ??= Object.create(Headers.prototype, {
    append: refusing,
    delete: refusing,
    set: refusing,
  }) as Headers;
  return Object.setPrototypeOf(headers, prototype);
}

const refusing: PropertyDescriptor = {
  value() {
    throw new TypeError(
      'The headers of an answer are immutable, as those of fetch: write into those of new Response(answer.body, answer).',
    );
  },
};
