import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type ErrorRequestHandler } from 'express';
import { HttpError } from 'hallpass';
import { pass } from './pass.ts';
import { resolvers, typeDefs } from './schema.ts';
import { type Context, failOn } from './visitor.ts';

const failures: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    didEncounterErrors: async ({ errors, contextValue }) => failOn(errors, contextValue),
  }),
};
const server = new ApolloServer<Context>({ typeDefs, resolvers, plugins: [failures] });
await server.start();

const app = express();
app.use(pass);
app.use(
  '/graphql',
  express.json(),
  expressMiddleware(server, { context: async ({ req }) => ({ hallpass: pass.context(req) }) }),
);

// In production the handler of Express answers a status without its sentence.
const refusals: ErrorRequestHandler = (error, _req, res, next) => {
  if (!(error instanceof HttpError)) return next(error);
  res.status(error.status).set(error.headers).json(error.body);
};
app.use(refusals);
app.listen(Number(process.env.PORT), 'localhost');
