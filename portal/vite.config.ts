import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `make run PORT=…` serves the API that the development server hands its calls on to.
const local = process.env.AUTOCLAIM_URL ?? 'http://127.0.0.1:7071';

export default defineConfig({
  plugins: [react()],
  build: {
    // scripts/size.mjs reads from it what the first load takes.
    manifest: true,
    // The licenses of what is bundled ask for their text to go along: /licenses.md.
    license: { fileName: 'licenses.md' },
    // The Content-Security-Policy allows images as data, but no other kind of file.
    assetsInlineLimit: 0,
    // The lazy chunks are named and bounded by scripts/size.mjs; Vite would warn of the charts alone.
    chunkSizeWarningLimit: 1000,
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      // changeOrigin: the local host gives tokens to its own origin only, so both headers say that it is it.
      '^/(api|portal/token|portal\\.json)': {
        target: local,
        changeOrigin: true,
        headers: { origin: local },
      },
    },
  },
});
