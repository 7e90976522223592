import { doesNotThrow } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { matrix, synthesise } from '../support/stages.ts';

const folder = mkdtempSync(join(tmpdir(), 'matrix-'));
after(() => rmSync(folder, { recursive: true }));

// As `cdk synth` does it: AWS's solutions' rules (cdk-nag), and CDK's validation of the template.
for (const [index, [name, given]] of Object.entries(matrix).entries())
  test(`all checks pass: ${name}`, () => {
    doesNotThrow(() => synthesise(given, join(folder, `${index}`)));
  });
