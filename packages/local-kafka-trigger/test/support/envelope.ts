import { type FailureEnvelope, failureEnvelope } from '../../src/mapping/on-failure.ts';

/** Makes the envelope of one record that was given up. */
export const envelopeOf = (json = '{"offset":1}'): FailureEnvelope =>
  failureEnvelope(
    { source: { kind: 'self-managed', bootstrapServers: 'b:9092' }, functionArn: 'arn' },
    {
      condition: 'RetryAttemptsExhausted',
      parts: [{ identifier: 't-0', records: [{ offset: 1, timestamp: 0, json }] }],
      invocations: 11,
      result: undefined,
    },
  );
