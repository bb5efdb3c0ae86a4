import { defineConfig } from 'rolldown';

export default defineConfig({
  input: 'worker.ts',
  platform: 'neutral',
  external: /^cloudflare:/,
  resolve: { mainFields: ['module', 'main'] },
  output: { dir: 'build', codeSplitting: false, minify: true },
});
