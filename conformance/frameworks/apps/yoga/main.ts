import { createServer } from 'node:http';
import { createSchema, createYoga, isAsyncIterable, type Plugin } from 'graphql-yoga';
import { toNodeListener } from 'hallpass/node';
import { pass } from './pass.ts';
import { resolvers, subscriptions, typeDefs } from './schema.ts';
import { type Context, failOn } from './visitor.ts';

const failures: Plugin<Context> = {
  onExecute: ({ args }) => ({
    onExecuteDone({ result }) {
      if (!isAsyncIterable(result)) failOn(result.errors ?? [], args.contextValue);
    },
  }),
};
const schema = createSchema<Context>({ typeDefs, resolvers: { ...resolvers, ...subscriptions } });
const yoga = createYoga<Context>({ schema, plugins: [failures], cors: false, logging: false });
const handler = pass(async (request, hallpass) => {
  await hallpass.session(); // A subscription would open it when the head of its answer is sent.
  return yoga.fetch(request, { hallpass });
});
createServer(toNodeListener(handler)).listen(Number(process.env.PORT), 'localhost');
