// Cloudflare's runtime, workerd, on this machine, with the worker that was built.
import { Miniflare } from 'miniflare';

const { PORT, ORIGIN } = process.env;
const worker = new Miniflare({
  host: 'localhost',
  port: Number(PORT),
  modules: true,
  scriptPath: 'build/worker.js',
  compatibilityDate: '2026-07-30',
  bindings: { ORIGIN },
  durableObjects: { SESSIONS: { className: 'SessionShard', useSQLite: true } },
});
await worker.ready;
process.once('SIGTERM', () => worker.dispose());
