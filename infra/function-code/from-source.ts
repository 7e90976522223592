import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundle } from '../bundling.ts';
import type { FunctionCode } from './function-code.ts';

const root = join(import.meta.dirname, '../..');

const oneDown = 'bundle';

/** Bundles a function's code by CDK's local bundling; no container runs. */
export const functionCode: FunctionCode = (folder, files) => ({
  handler: files === undefined ? 'index.handler' : `${oneDown}/index.handler`,
  code: Code.fromAsset(join(root, 'functions', folder), {
    // A hash of the folder alone would not change with the schema or a package, and nothing would be deployed.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('unused'),
      local: {
        tryBundle(output) {
          const bundleFolder = files === undefined ? output : join(output, oneDown);
          bundle(join(root, 'functions', folder, 'handler.ts'), bundleFolder);
          for (const [to, from] of Object.entries(files ?? {}))
            cpSync(join(root, from), join(output, to));
          return true;
        },
      },
    },
  }),
});
