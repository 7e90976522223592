import type { PageFile } from './console-app.ts';

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>user events</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script>
</head>
<body><div id="page"></div></body>
</html>
`;

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#3366cc" d="M1 11h3l2-6 3 9 2-6h4v2h-3l-3 6-3-9-1 4H1z"/></svg>`;

/** Gives the files of the page, by their paths. */
export const pageFiles = async (): Promise<ReadonlyMap<string, PageFile>> => {
  const { pageSource } = await import('#page-source');
  const { script, style } = pageSource();
  return new Map<string, PageFile>([
    ['/', { type: 'text/html; charset=utf-8', body: html }],
    ['/page.js', { type: 'text/javascript; charset=utf-8', body: script }],
    ['/page.css', { type: 'text/css; charset=utf-8', body: style }],
    ['/icon.svg', { type: 'image/svg+xml', body: icon }],
  ]);
};
