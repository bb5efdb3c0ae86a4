import type { SentSecrets } from './redaction.ts';

/**
 * What somebody's function has thrown, as it may be handed on. An error that says no secret of the call, neither in its words nor in what
 * hangs on it or has caused it, is handed on itself; of any other a plain copy: its words without them, its causes, and its codes.
 */
export function redactError(error: unknown, secrets: SentSecrets): unknown {
  const redact = (text: string) => secrets.redact(text);
  return isSecret(error, redact, new Set()) ? copyOf(error, redact, new Set()) : error;
}

/** More than this is not looked through: an error with so much on it is copied without it. */
const mostLookedAt = 1000;

type Redact = (text: string) => string;

/** True for what holds a text that has to be redacted, however deep. */
function isSecret(value: unknown, redact: Redact, seen: Set<object>): boolean {
  if (typeof value === 'string') return redact(value) !== value;
  if (typeof value !== 'object' || value === null || seen.has(value)) return false;
  if (seen.size === mostLookedAt) return true;
  seen.add(value);
  return partsOf(value).some((part) => isSecret(part, redact, seen));
}

/** What an inspection of the object shows. */
function partsOf(value: object): readonly unknown[] {
  const listed = Object.values(value);
  if (value instanceof Error) return [value.message, value.stack, value.cause, ...listed, ...errorsOf(value)];
  if (value instanceof Request || value instanceof Response) return [value.url, ...value.headers];
  if (value instanceof URL) return [value.href];
  const isList = value instanceof Map || value instanceof Set || value instanceof Headers;
  return isList || value instanceof URLSearchParams ? [...value, ...listed] : listed;
}

const errorsOf = (error: Error): readonly unknown[] => (error instanceof AggregateError ? error.errors : []);

function copyOf(value: unknown, redact: Redact, copied: Set<object>): unknown {
  if (typeof value === 'string') return redact(value);
  if (!(value instanceof Error)) return typeof value === 'object' ? undefined : value;
  if (copied.has(value)) return undefined;
  copied.add(value);
  const cause = copyOf(value.cause, redact, copied);
  const options = cause === undefined ? {} : { cause };
  const message = redact(value.message);
  const copy =
    value instanceof AggregateError
      ? new AggregateError(
          value.errors.map((one) => copyOf(one, redact, copied)),
          message,
          options,
        )
      : new Error(message, options);
  for (const [name, own] of Object.entries(value)) {
    if (typeof own === 'number' || typeof own === 'boolean') Reflect.set(copy, name, own);
    else if (typeof own === 'string') Reflect.set(copy, name, redact(own));
  }
  for (const name of ['name', 'stack'] as const)
    Object.defineProperty(copy, name, {
      value: redact(String(value[name])),
      writable: true,
      configurable: true,
    });
  return copy;
}
