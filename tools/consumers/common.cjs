// What a CommonJS program does: it requires every entry point that needs no package of others.
const { createClient } = require('hallpass/client');
const { exports: entries } = require('hallpass/package.json');

const ofFrameworks = [
  './express',
  './fastify',
  './hono',
  './client/undici',
  './testing/lab',
  './package.json',
];
for (const entry of Object.keys(entries).filter((name) => !ofFrameworks.includes(name))) {
  require(`hallpass${entry.slice(1)}`);
}
if (typeof createClient().fetch !== 'function') throw new Error('createClient makes no client');
