import { readFileSync } from 'node:fs'

/** Everything that a signed-in person's first page needs before it shows: entry, frame, home page, messages, and what they import. */
const manifest = JSON.parse(readFileSync(new URL('dist/.vite/manifest.json', import.meta.url), 'utf8'))
const starts = ['index.html', 'src/shell/AppShell.vue', 'src/roles/sponsor/pages/HomePage.vue', 'src/locales/en/index.ts']

const files = new Set()
function take(id) {
  const chunk = manifest[id]
  if (!chunk) throw new Error(`${id} is not in the build; correct .size-limit.js`)
  if (files.has(chunk.file)) return
  files.add(chunk.file)
  for (const css of chunk.css ?? []) files.add(css)
  for (const next of chunk.imports ?? []) take(next)
}
starts.forEach(take)
const home = manifest['src/roles/sponsor/pages/HomePage.vue']

export default [
  { name: 'Signed-in home, critical path', path: [...files].map((file) => `dist/${file}`), limit: '200 kB', gzip: true },
  { name: 'The home page alone', path: `dist/${home.file}`, limit: '30 kB', brotli: true },
]
