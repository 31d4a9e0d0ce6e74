/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url';

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

import { mockServer } from './mock/plugin.ts';

// `npm run dev` talks to a real server on :8080; `npm run dev:mock` answers /api from memory.
export default defineConfig(({ mode }) => ({
  base: '/app/',
  plugins: [react(), ...(mode === 'mock' ? [mockServer()] : [])],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: {
    port: 5173,
    proxy:
      mode === 'mock'
        ? undefined
        : { '/api': { target: process.env.FLASHFIT_URL ?? 'http://127.0.0.1:8080' } },
  },
  build: {
    // Inlined files would be data: addresses, which the server's content policy forbids for fonts.
    assetsInlineLimit: 0,
    license: { fileName: 'third-party-licences.md' },
    chunkSizeWarningLimit: 800,
  },
  test: {
    environment: 'jsdom',
    globals: false,
    setupFiles: ['src/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    css: false,
  },
}));
