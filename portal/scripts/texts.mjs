// `npm run texts`: every text stands in both languages, with the same placeholders, and the source uses every one.
// That none is missing from the source's point of view is the compiler's work: src/i18n/types.d.ts.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../src/', import.meta.url));
const PLURAL = /_(zero|one|two|few|many|other)$/;

/** The texts of one file, as [key, text], with dots between the levels. */
function flat(value, prefix = '') {
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' ? [[prefix + key, inner]] : flat(inner, `${prefix}${key}.`),
  );
}

function textsOf(language) {
  const folder = `${source}i18n/${language}/`;
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return new Map(
    files.flatMap((file) =>
      flat(JSON.parse(readFileSync(folder + file, 'utf-8'))).map(([key, text]) => [
        `${file.replace('.json', '')}:${key}`,
        text,
      ]),
    ),
  );
}

function codeIn(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = `${folder}${name}`;
    if (statSync(path).isDirectory()) return codeIn(`${path}/`);
    return /\.tsx?$/.test(name) && !name.endsWith('.d.ts') ? [readFileSync(path, 'utf-8')] : [];
  });
}

const placeholders = (text) =>
  [...new Set([...text.matchAll(/\{\{\s*(\w+)[^}]*\}\}|<\/?(\w+)>/g)].map((found) => found[1] ?? found[2]))]
    .sort()
    .join(' ');

const faults = [];
const english = textsOf('en');
const dutch = textsOf('nl');
for (const [key, text] of english) {
  const other = dutch.get(key);
  if (other === undefined) faults.push(`${key} is not in Dutch`);
  else if (placeholders(other) !== placeholders(text)) faults.push(`${key} has other placeholders in Dutch`);
}
for (const key of dutch.keys()) if (!english.has(key)) faults.push(`${key} is not in English`);

const code = codeIn(source).join('\n');
// `code.${code}` stands for every key of that form.
const written = new Set([...code.matchAll(/'([\w.:]+)'/g)].map((found) => found[1]));
const forms = [...code.matchAll(/`((?:[\w.:]|\$\{[^}]*\})*\.(?:[\w.:]|\$\{[^}]*\})*)`/g)]
  .filter((found) => found[1].includes('${'))
  .map((found) => new RegExp(`^${found[1].replaceAll('.', '\\.').replaceAll(/\$\{[^}]*\}/g, '[^.]+')}$`));
for (const key of english.keys()) {
  const whole = key.replace(PLURAL, '');
  const names = [whole, whole.slice(whole.indexOf(':') + 1)];
  if (!names.some((name) => written.has(name) || forms.some((form) => form.test(name))))
    faults.push(`${key} is not used`);
}

for (const fault of faults) console.error(fault);
process.exit(faults.length === 0 ? 0 : 1);
