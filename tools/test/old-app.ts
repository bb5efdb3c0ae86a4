import express, { type RequestHandler } from 'express';
import { fromNodeListener } from '../../src/adapters/node.ts';

/** An application on the session library that `use` is the middleware of, and what it puts into `req.session`. */
export function oldExpressApp(use: RequestHandler, session: () => object) {
  const app = express();
  app.use(use);
  app.post('/sign-in', (req, res) => {
    Object.assign((req as unknown as { session: object }).session, session());
    res.send('done');
  });
  const send = fromNodeListener(app);
  return {
    /** The Cookie header of a browser that signed in there. */
    async signIn(): Promise<string> {
      return cookieHeader(await send(new Request('https://shop.test/sign-in', { method: 'POST' })));
    },
  };
}

/** What a browser sends after this answer, as it stands there. */
export function cookieHeader(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
}
