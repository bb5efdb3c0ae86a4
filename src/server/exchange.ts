/**
 * A request that is being answered, as little of it as the pipeline needs: no host has to make a `Request`, a `Response` or a
 * `Headers` for it that it would not have made anyway. The head of its answer is a {@link ResponseHead}.
 */
export interface Exchange {
  readonly method: string;
  /** The request's URL as text: absolute, or the path and query alone where the host knows no more. */
  readonly url: string;
  /** A request header by its lower-case name; several lines come joined, by `; ` for Cookie and by `, ` for the others. */
  header(name: string): string | undefined;
  /** The names of the request's headers, in lower case. */
  headerNames(): Iterable<string>;
  /** True when the request came over TLS, as far as the host knows. */
  readonly secure: boolean;
  /** The peer's address, as far as the host knows it. */
  readonly address: string | undefined;
  /**
   * A field of an urlencoded body, without taking the body from the handler; `undefined` when there is none, when the body
   * is not urlencoded, and when it is longer than `limit`, in bytes. A host that cannot look ahead leaves it out.
   */
  readonly formField?: (name: string, limit: number) => Promise<string | undefined>;
}

/** The head of an answer. `Headers` is one. */
export type ResponseHead = Pick<Headers, 'get' | 'set' | 'append' | 'delete' | 'getSetCookie'>;

/** The path of a URL's text, as it was sent: nothing decoded, no query. A `\` ends the host, as in every URL parser. */
export function pathOf(url: string): string {
  return /^(?:https?:\/\/[^/\\?#]*)?([^?#]*)/i.exec(url)?.[1] || '/';
}

/** Adds to a list-valued header what it does not hold yet, whatever the case. A `*` holds everything. RFC 9110 §12.5.5. */
export function addToList(head: ResponseHead, name: string, members: readonly string[]): void {
  const present = head.get(name);
  if (present === null || present === '') {
    head.set(name, members.length === 1 ? (members[0] as string) : members.join(', '));
    return;
  }
  let all = present;
  for (const member of members) {
    if (!isInList(present, member)) all += `, ${member}`;
  }
  if (all !== present) head.set(name, all);
}

/** Without a list and a set made of the text. Bench row: Express, hallpass. */
function isInList(list: string, member: string): boolean {
  for (let from = 0; from <= list.length; ) {
    const comma = list.indexOf(',', from);
    const to = comma === -1 ? list.length : comma;
    const one = list.slice(from, to).trim();
    if (one === '*' || one === member) return true;
    if (one.length === member.length && one.toLowerCase() === member.toLowerCase()) return true;
    from = to + 1;
  }
  return false;
}
