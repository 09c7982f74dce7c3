import { defineConfig } from 'vite'

/** One script and one style, named by what they hold; the gateway makes the page around them (`src/api/console-page.ts`). */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  logLevel: 'warn',
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    manifest: 'manifest.json',
    modulePreload: false,
    target: 'es2024',
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: { input: 'src/main.tsx' },
  },
})
