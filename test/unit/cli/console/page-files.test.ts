import { deepStrictEqual, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { pageFiles } from '../../../../cli/console/page-files.ts';

const runbooks = readFileSync('docs/operations.md', 'utf8');

test('the page is less than 150 kB, compressed, and asks no other host for anything', async () => {
  const files = await pageFiles();
  deepStrictEqual([...files.keys()], ['/', '/page.js', '/page.css', '/icon.svg']);
  let bytes = 0;
  for (const { body } of files.values()) {
    bytes += gzipSync(body).length;
    const hosts = [...body.matchAll(/(?:https?:)?\/\/[a-z0-9.-]+\.[a-z]{2,}/gi)].map(
      ([url]) => url,
    );
    // The namespaces of SVG and MathML are names, and the runbooks' links are text: nobody asks for them.
    deepStrictEqual(
      hosts.filter((url) => !url.includes('//www.w3.org') && !runbooks.includes(url)),
      [],
    );
  }
  ok(bytes < 150_000, `${bytes} bytes`);
});

test('the page has no inline script and no inline style, which its policy would refuse', async () => {
  const html = (await pageFiles()).get('/')?.body ?? '';
  deepStrictEqual(html.match(/<script(?![^>]*src=)|<style|style=|\son\w+=/g), null);
});
