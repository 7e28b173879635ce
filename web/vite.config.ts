import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { scriptBudget } from './scripts/script-budget.ts'

/** Bytes of gzipped script before the live grid paints. */
const FIRST_LOAD_LIMIT = 250_000

export default defineConfig({
  plugins: [react(), tailwindcss(), scriptBudget(FIRST_LOAD_LIMIT)],
  build: {
    outDir: fileURLToPath(new URL('../dist/web', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
  },
  worker: { format: 'es' },
})
