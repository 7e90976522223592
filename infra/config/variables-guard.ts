import { Aws } from 'aws-cdk-lib';
import { environmentBytes, mostEnvironmentBytes } from '../environment-size.ts';
import { processEnvironment } from '../node-environment.ts';
import { ingestEnvironment } from './environment.ts';
import type { Finding, Guard } from './guard.ts';

/** The settings that variables are made of, where a variable is not a setting of `environment` itself. */
const settingOf: Readonly<Record<string, string>> = {
  CASSANDRA_CA: 'sink.caFile',
  CASSANDRA_CONTACT_POINTS: 'sink.contactPoints',
  CASSANDRA_SECRET_ARN: 'sink.login.secretArn',
};

/**
 * Lambda refuses a function with more than 4 KB of variables, at the deploy. What is measured is what is deployed for the
 * function with the most of them.
 */
export const variablesSize: Guard = {
  needs: ['stackName', 'sink', 'consumerGroup', 'environment', 'schemaRegistry', 'mapping'],
  find: (config) => {
    let variables: Readonly<Record<string, string>>;
    try {
      variables = processEnvironment(ingestEnvironment(config, config.region ?? Aws.REGION));
    } catch {
      // A CA's file that cannot be read has been reported (guards.ts).
      return [];
    }
    const bytes = environmentBytes(variables);
    if (bytes <= mostEnvironmentBytes) return [];
    const [name = '', value = ''] = Object.entries(variables).reduce((longest, one) =>
      one[1].length > longest[1].length ? one : longest,
    );
    const finding: Finding = [
      settingOf[name] ?? `environment.${name}`,
      'must be short enough: Lambda takes all variables of a function together up to 4,096 bytes, as JSON, where a line break ' +
        `is two; give of a PEM file only the one certificate of the authority (given ${bytes} bytes, ` +
        `${environmentBytes({ [name]: value })} of them here)`,
    ];
    return [finding];
  },
};
