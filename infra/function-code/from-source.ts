import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { FunctionCode } from './function-code.ts';
import { handlerOf } from './function-files.ts';
import { writeFunction } from './write-function.ts';

const root = join(import.meta.dirname, '../..');

/** Bundles a function's code by CDK's local bundling; no container runs. */
export const functionCode: FunctionCode = (folder) => ({
  handler: handlerOf(folder),
  code: Code.fromAsset(join(root, 'functions', folder), {
    // A hash of the folder alone would not change with the schema or a package, and nothing would be deployed.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('unused'),
      local: {
        tryBundle(output) {
          writeFunction(folder, output);
          return true;
        },
      },
    },
  }),
});
