import { type Context, type Env, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { methodNotAllowed } from 'hono/method-not-allowed';

/** What a request sent under names, each a text. */
export interface Fields {
  /** The trimmed text; `''` for a field that was not sent, or is no text. */
  get(name: string): string;
}

/** The fields of a body, urlencoded or JSON. Whatever else was sent reads as no fields. */
export async function readFields({ req }: Context): Promise<Fields> {
  const text = await req.text();
  const isJson = /^application\/json\b/i.test(req.header('content-type') ?? '');
  const fields = isJson ? fieldsOfJson(text) : Object.fromEntries(new URLSearchParams(text));
  return { get: (name) => textOf(Object.hasOwn(fields, name) ? fields[name] : '') };
}

function fieldsOfJson(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value.trim() : value === true ? 'true' : '');

/** The answer to a field that cannot be taken, in the shape that the articles' framework made common. */
export function fieldProblem(c: Context, field: string, msg: string): Response {
  return c.json({ detail: [{ loc: ['body', field], msg, type: 'value_error' }] }, 422);
}

/** True for a browser that opens the address itself, rather than a program that wants data. */
export const wantsPage = (c: Context): boolean => /\btext\/html\b/.test(c.req.header('accept') ?? '');

const largestBody = 16 * 1024;

/** An app whose bodies are small, and that answers 405 with a hint where the address is right and the method is not. */
export function createRoutes<E extends Env>(): Hono<E> {
  const app = new Hono<E>();
  app.use(bodyLimit({ maxSize: largestBody }));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, allowed) => {
        const message = allowed.includes('POST')
          ? `${c.req.path} changes something, so it takes POST: a link or a picture of another site could send GET in a visitor's name.`
          : `${c.req.path} takes ${allowed.join(', ')}.`;
        return c.json({ error: 'method-not-allowed', message }, 405, { allow: allowed.join(', ') });
      },
    }),
  );
  return app;
}
