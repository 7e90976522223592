import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { guardFolder } from 'local-kafka-trigger/watchdog/guard.ts';

const folder = mkdtempSync(join(tmpdir(), 'test-apps-'));
guardFolder(folder);

/** Makes an app that bundles nothing. Its templates are removed with the process of the tests: CDK itself would leave them. */
export const testApp = (context: Readonly<Record<string, unknown>> = {}): App =>
  new App({
    outdir: mkdtempSync(join(folder, 'out-')),
    context: { ...context, 'aws:cdk:bundling-stacks': [] },
  });
