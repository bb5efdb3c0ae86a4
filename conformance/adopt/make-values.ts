// `node conformance/adopt/make-values.ts`: cookies as the libraries themselves write them, which suite.ts reads on every runtime.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { encode as encode5 } from 'authjs/jwt';
import cookieSession from 'cookie-session';
import express, { type RequestHandler } from 'express';
import expressSession from 'express-session';
import { sealData } from 'iron-session';
import { encode as encode4 } from 'next-auth/jwt';
import { keys, old, oldId } from './keys.ts';

/** The cookies of an answer of an application that keeps `old` by this middleware. */
async function cookiesOf(keeps: RequestHandler): Promise<string> {
  const app = express().use(keeps, (request, response) => {
    Object.assign((request as unknown as { session: object }).session, old);
    response.end();
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { headers } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  server.close();
  return headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
}

const seconds = 60 * 24 * 3600;
const salt = '__Secure-authjs.session-token';
const secret = keys.nextAuth;
console.log(Date.now());
console.log(await cookiesOf(cookieSession({ keys: [keys.cookieSession] })));
const withOldId: object = { genid: () => oldId };
console.log(
  await cookiesOf(
    expressSession({ ...withOldId, resave: false, saveUninitialized: true, secret: keys.expressSession }),
  ),
);
console.log(`sid=${await sealData(old, { password: keys.ironSession, ttl: seconds })}`);
console.log(`next-auth.session-token=${await encode4({ secret, token: old, maxAge: seconds })}`);
console.log(`${salt}=${await encode5({ secret, token: old, maxAge: seconds, salt })}`);
