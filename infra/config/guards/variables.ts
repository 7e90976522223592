import { Aws } from 'aws-cdk-lib';
import { ConfigError } from '../../../functions/ingest/settings/config-error.ts';
import { environmentBytes, mostEnvironmentBytes } from '../../environment-size.ts';
import { processEnvironment } from '../../node-environment.ts';
import { ingestEnvironment, settingsOfFunction } from '../function-environment.ts';
import { madeOf } from '../made-of.ts';
import type { Finding, Guard } from './guard.ts';

/** Refuses variables that the function would refuse to start with. */
export const values: Guard = {
  needs: ['sink', 'consumerGroup', 'environment', 'schemaRegistry'],
  find: (config) => {
    const { sink, environment } = config;
    const isKeptForEver = Number(environment.REJECTED_TTL_DAYS ?? 1) === 0;
    try {
      settingsOfFunction(config);
      return [
        // Keyspaces refuses USING TTL on a table that has no TTL, and CloudFormation gives a table one only by a default.
        sink.kind === 'keyspaces' &&
          isKeptForEver && [
            'environment.REJECTED_TTL_DAYS',
            'must be 1 to 7300 on Keyspaces, which takes USING TTL only for tables with a TTL (given "0")',
          ],
      ];
    } catch (error) {
      if (error instanceof ConfigError)
        return error.mistakes.map((mistake): Finding => ['environment:', mistake]);
      return [['sink.caFile', `must be a file that can be read (${(error as Error).message})`]];
    }
  },
};

/** Names the setting that a variable is made of; any other variable is a setting of `environment`. */
const settingOf = (name: string): string =>
  Object.hasOwn(madeOf, name) ? madeOf[name as keyof typeof madeOf] : `environment.${name}`;

/**
 * Refuses variables of more than 4 KB, which Lambda would refuse at the deploy. The function with the most variables is measured as
 * it is deployed.
 */
export const variablesSize: Guard = {
  needs: ['name', 'sink', 'consumerGroup', 'environment', 'schemaRegistry', 'mapping'],
  find: (config) => {
    let variables: Readonly<Record<string, string>>;
    try {
      variables = processEnvironment(ingestEnvironment(config, config.region ?? Aws.REGION));
    } catch {
      // A CA's file that cannot be read has been reported (values).
      return [];
    }
    const bytes = environmentBytes(variables);
    if (bytes <= mostEnvironmentBytes) return [];
    const [name = '', value = ''] = Object.entries(variables).reduce((longest, one) =>
      one[1].length > longest[1].length ? one : longest,
    );
    const finding: Finding = [
      settingOf(name),
      `must be short enough: Lambda takes ${mostEnvironmentBytes.toLocaleString('en')} bytes for all variables of a function together, ` +
        'as JSON, where a line break is two; of a PEM file, give only the one certificate of the authority ' +
        `(given ${bytes} bytes, ${environmentBytes({ [name]: value })} of them here)`,
    ];
    return [finding];
  },
};
