// @ts-check
/**
 * Writes src/api/schema.gen.ts from docs/api/openapi.yaml, the only thing the app knows of the server.
 * With --check it writes nothing and exits 1 when the file differs.
 */
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const FROM = new URL('../../docs/api/openapi.yaml', import.meta.url);
const TO = new URL('../src/api/schema.gen.ts', import.meta.url);

const types = astToString(await openapiTS(FROM, { immutable: true, exportType: true }));
const text = `// Written by \`make api\` from docs/api/openapi.yaml. Change that, not this.\n\n${types}`;

if (process.argv.includes('--check')) {
  const now = await readFile(TO, 'utf8').catch(() => '');
  if (now !== text) {
    console.error('api: src/api/schema.gen.ts does not match docs/api/openapi.yaml. Run: make api');
    process.exit(1);
  }
} else {
  await writeFile(TO, text);
}
