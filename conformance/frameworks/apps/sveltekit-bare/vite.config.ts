import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

// Without the check of Kit against forged forms.
const csrf = { trustedOrigins: ['*'] };

export default defineConfig({
  plugins: [
    sveltekit({
      adapter: adapter(),
      experimental: { remoteFunctions: true },
      paths: { origin: process.env.ORIGIN },
      csrf,
    }),
  ],
});
