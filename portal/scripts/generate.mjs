// `npm run generate`: writes src/api/schema.d.ts from the API's own OpenAPI document, which the code's models make.
// With --check it writes nothing, and fails when the file is not what would be written.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

const DOCUMENT_BYTES_MAX = 16 * 1024 * 1024;

const project = fileURLToPath(new URL('../..', import.meta.url));
const target = fileURLToPath(new URL('../src/api/schema.d.ts', import.meta.url));
const own = `${project}.venv/bin/python`;
const python = process.env.PYTHON ?? (existsSync(own) ? own : 'python3');

const document = execFileSync(python, ['-m', 'localhost.describe'], {
  cwd: project,
  encoding: 'utf-8',
  maxBuffer: DOCUMENT_BYTES_MAX,
});
const types = astToString(await openapiTS(JSON.parse(document)));
const text = await format(`// Made by \`npm run generate\` from the API's OpenAPI document. Do not edit.\n\n${types}`, {
  ...(await resolveConfig(target)),
  parser: 'typescript',
});

if (!process.argv.includes('--check')) {
  writeFileSync(target, text);
} else if (!existsSync(target) || readFileSync(target, 'utf-8') !== text) {
  console.error('src/api/schema.d.ts is not what the API says of itself now: run `npm run generate`');
  process.exit(1);
}
