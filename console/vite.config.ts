import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Compressed once here rather than at each request; from what was written, since Vite changes chunks to the last. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    writeBundle({ dir }, bundle) {
      for (const name of Object.keys(bundle)) {
        if (/\.(js|css|svg)$/.test(name)) {
          const file = join(dir!, name);
          writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
        }
      }
    },
  };
}

export default defineConfig({
  root: 'src/main/web',
  base: '/console/',
  plugins: [react(), compressed()],
  build: {
    outDir: '../../../target/classes/stepstream-console',
    emptyOutDir: true,
    manifest: 'assets/manifest.json',
    // A polyfill would be an inline script, which the content security policy refuses.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    target: 'es2023',
  },
  server: {
    proxy: {
      // A running ./stepstream dev. AWS's actions are POST /, which Vite itself never gets.
      '/api': 'http://127.0.0.1:8333',
      '^/$': { target: 'http://127.0.0.1:8333', bypass: (request) => (request.method === 'POST' ? undefined : '/console/') },
    },
  },
});
