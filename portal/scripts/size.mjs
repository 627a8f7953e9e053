// `npm run size`: how many bytes of script, gzipped, the first load takes, from Vite's manifest of the last build.
// The first load is the page that most people land on: the entry, the Licenses page with its policies, and MSAL, which
// a site in Azure loads before it shows anything. Fails above the limit.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const LIMIT_KILOBYTES = 300;
const FIRST = [
  { name: 'entry', sources: ['index.html'] },
  { name: 'texts', sources: [/^src\/i18n\/en\/(common|shell|errors|licenses|policies)\.json$/] },
  { name: 'list page', sources: [/^src\/pages\/licenses\/(Licenses|policies\/Policies)\w*\.tsx$/] },
  { name: 'MSAL', sources: ['src/signIn/entra.ts'] },
];

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf-8'));
const gzipped = (file) => gzipSync(readFileSync(dist + file)).length;

/** The files of a chunk and of everything that it imports statically. */
function filesOf(key, found = new Set()) {
  const chunk = manifest[key];
  if (chunk.file.endsWith('.js') && !found.has(chunk.file)) {
    found.add(chunk.file);
    for (const imported of chunk.imports ?? []) filesOf(imported, found);
  }
  return found;
}

const fits = (source, key) => (typeof source === 'string' ? source === key : source.test(key));
const loaded = new Set();
let total = 0;
const lines = [];
for (const { name, sources } of FIRST) {
  const keys = Object.keys(manifest).filter((key) => sources.some((source) => fits(source, key)));
  if (keys.length === 0) throw new Error(`the build has no ${name}: scripts/size.mjs names ${sources.join(', ')}`);
  const files = keys.flatMap((key) => [...filesOf(key)]).filter((file) => !loaded.has(file));
  const bytes = [...new Set(files)].reduce((sum, file) => sum + gzipped(file), 0);
  for (const file of files) loaded.add(file);
  total += bytes;
  lines.push([name, bytes]);
}
lines.push(['first load', total]);

const chunks = Object.values(manifest).filter((chunk) => chunk.file.endsWith('.js') && !loaded.has(chunk.file));
const lazy = [...new Set(chunks.map((chunk) => chunk.file))].map((file) => [file, gzipped(file)]);
lazy.sort((one, other) => other[1] - one[1]);

const show = ([name, bytes]) => console.log(`${(bytes / 1024).toFixed(1).padStart(8)} KB  ${name}`);
console.log(`Script, gzipped. Limit of the first load: ${LIMIT_KILOBYTES} KB`);
lines.forEach(show);
console.log('Loaded when they are needed:');
lazy.forEach(show);
if (total > LIMIT_KILOBYTES * 1024) {
  console.error(`The first load takes ${(total / 1024).toFixed(1)} KB, over ${LIMIT_KILOBYTES} KB`);
  process.exit(1);
}
