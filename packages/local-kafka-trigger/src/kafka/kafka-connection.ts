import { TriggerError } from '../trigger-error.ts';
import { brokerList, type KafkaConnection } from './connection.ts';

/** The mechanisms of a login: by a short word, and in Kafka's own words. */
const mechanisms = {
  plain: 'PLAIN',
  'scram-256': 'SCRAM-SHA-256',
  'scram-512': 'SCRAM-SHA-512',
} as const;

/** The variables of the connection, one a line, for the help of commands. */
export const loginVariables = [
  '  KAFKA_TLS       on or off (default: off)',
  `  KAFKA_SASL      ${Object.keys(mechanisms).join(', ')}; Kafka’s own words are read too`,
  '  KAFKA_USERNAME  with KAFKA_SASL',
  '  KAFKA_PASSWORD  with KAFKA_SASL',
].join('\n');

/**
 * Reads the connection to an external cluster: KAFKA_BOOTSTRAP_SERVERS, KAFKA_TLS (`on`, or the default `off`), and for a login
 * KAFKA_SASL (the mechanism, by either word), KAFKA_USERNAME and KAFKA_PASSWORD.
 * @throws {TriggerError} naming the missing or wrong variable.
 */
export const kafkaConnection = (
  environment: Readonly<Record<string, string | undefined>>,
): KafkaConnection => {
  const given = (name: string): string => environment[name]?.trim() ?? '';
  const bootstrapServers = brokerList(given('KAFKA_BOOTSTRAP_SERVERS'));
  if (bootstrapServers.length === 0)
    throw new TriggerError(
      'KAFKA_BOOTSTRAP_SERVERS must be given: the host:port of your brokers, separated by commas.',
    );
  const tls = given('KAFKA_TLS') || 'off';
  if (tls !== 'on' && tls !== 'off')
    throw new TriggerError(`KAFKA_TLS must be \`on\` or \`off\` (given "${tls}").`);
  const sasl = given('KAFKA_SASL');
  if (sasl === '') return { bootstrapServers, ...(tls === 'on' ? { tls: {} } : {}) };
  const mechanism = Object.entries(mechanisms)
    .find((names) => names.includes(sasl))
    ?.at(1) as (typeof mechanisms)[keyof typeof mechanisms] | undefined;
  if (mechanism === undefined)
    throw new TriggerError(
      `KAFKA_SASL must be one of ${Object.keys(mechanisms).join(', ')} (given "${sasl}").`,
    );
  const [username, password] = [given('KAFKA_USERNAME'), given('KAFKA_PASSWORD')];
  if (username === '' || password === '')
    throw new TriggerError('KAFKA_USERNAME and KAFKA_PASSWORD must be given with KAFKA_SASL.');
  return {
    bootstrapServers,
    ...(tls === 'on' ? { tls: {} } : {}),
    sasl: { mechanism, username, password },
  };
};
