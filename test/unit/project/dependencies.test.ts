import { deepStrictEqual, match } from 'node:assert/strict';
import { test } from 'node:test';
import manifest from '../../../package.json' with { type: 'json' };
import lock from '../../../package-lock.json' with { type: 'json' };
import trigger from '../../../packages/local-kafka-trigger/package.json' with { type: 'json' };

test('every package is pinned to one version, so that what was audited is what is deployed', () => {
  for (const [name, version] of Object.entries({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...trigger.dependencies,
    ...trigger.devDependencies,
  }))
    match(version, /^\d+\.\d+\.\d+$/, name);
});

test('no package runs a script when it is installed but those that were looked at', () => {
  const scripted = Object.entries(lock.packages)
    .filter(([, entry]) => 'hasInstallScript' in entry)
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
  deepStrictEqual(
    [...new Set(scripted)].sort(),
    Object.keys(manifest.allowScripts)
      .filter((name) => scripted.includes(name))
      .sort(),
  );
});

test('every package in the lock file has the digest that it must have', () => {
  for (const [path, entry] of Object.entries(lock.packages))
    if (path.includes('node_modules/') && !('link' in entry) && !('inBundle' in entry))
      match('integrity' in entry ? String(entry.integrity) : 'none', /^sha\d+-/, path);
});
