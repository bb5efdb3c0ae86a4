import { HallpassError } from '../errors.ts';

/** What stands before the host of a URL, up to the last `@`: a password may hold one. */
const userinfo = /\b([a-z][a-z\d+.-]*:\/\/)[^\s"'`<>]*@/gi;
/** Passwords in the query of a URL, and in the other forms of connection strings. */
const named =
  /\b([\w-]*(?:passw(?:or)?d|pwd|token|secret)\s*=\s*|passw(?:or)?d["']?\s*:\s*)(?:"[^"]*"|'[^']*'|[^\s&;,"'}]+)/gi;

/** The text without the passwords of URLs and connection strings in it. */
export function withoutCredentials(text: string): string {
  return text.replace(userinfo, '$1…@').replace(named, '$1…');
}

/** Of a driver's error, what tells one failure from another and holds no value. */
const telling = ['code', 'errno', 'errcode', 'syscall'] as const;

/**
 * An error of a driver, a store or a function of the application, as it may be handed on: its message, its stack, its codes and
 * what caused it, without passwords, and nothing else that hangs on it, as a command with its values or the options of a
 * connection. Our own errors stay as they are, as long as nobody has put a password into them.
 */
export function safeCause(error: unknown): Error {
  if (!(error instanceof Error)) return safeCause(new Error(textOf(error)));
  if (copies.has(error) || (error instanceof HallpassError && isClean(error))) return error;
  const { cause } = error;
  const options = cause === undefined ? {} : { cause: safeCause(cause) };
  const message = withoutCredentials(messageOf(error));
  const copy =
    error instanceof HallpassError
      ? new HallpassError(error.code, message, options)
      : new Error(message, options);
  hide(copy, 'name', error.name);
  if (typeof error.stack === 'string') hide(copy, 'stack', withoutCredentials(error.stack));
  for (const key of telling) {
    const value: unknown = Reflect.get(error, key);
    if (typeof value === 'number' || typeof value === 'string') Reflect.set(copy, key, value);
  }
  copies.add(copy);
  return copy;
}

/** Errors that were made here: there is nothing to look for in them again. */
const copies = new WeakSet<Error>();

const textOf = (thrown: unknown) => (typeof thrown === 'string' ? thrown : 'unknown');

/** Of several addresses that were tried, each failure: Node's error for all of them has no message. */
function messageOf(error: Error): string {
  if (error.message !== '' || !(error instanceof AggregateError)) return error.message;
  return error.errors.map((one: unknown) => (one instanceof Error ? one.message : textOf(one))).join('; ');
}

/** True where each error down to the first cause is one of ours, or a copy, and holds no password. */
function isClean({ message, stack = '', cause }: Error): boolean {
  if (withoutCredentials(message + stack) !== message + stack) return false;
  return !(cause instanceof Error) || copies.has(cause) || (cause instanceof HallpassError && isClean(cause));
}

/** As the properties of every error are: there, and not listed. */
function hide(error: Error, name: 'name' | 'stack', value: string): void {
  Object.defineProperty(error, name, { value, writable: true, configurable: true });
}
