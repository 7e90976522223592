import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { fromAwsError } from '../../../../functions/ingest/remote/from-aws-error.ts';

const error = (name: string, more: object = {}): Error =>
  Object.assign(new Error('no more is said'), { name, ...more });
const kindOf = (given: unknown): string => fromAwsError(given, 'asking').constructor.name;

test('an error by which a service says that it is asked too much is a ThrottledError', () => {
  for (const name of ['ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded'])
    strictEqual(kindOf(error(name, { $fault: 'client' })), 'ThrottledError', name);
  strictEqual(kindOf(error('Busy', { $retryable: { throttling: true } })), 'ThrottledError');
});

test('an error that AWS calls the client’s fault is an UnavailableError: somebody must mend something', () => {
  strictEqual(kindOf(error('AccessDeniedException', { $fault: 'client' })), 'UnavailableError');
});

test('an error that is the service’s fault, may be retried, or comes of the network is a TransientError', () => {
  for (const given of [
    error('InternalServiceError', { $fault: 'server' }),
    error('IDPCommunicationError', { $fault: 'client', $retryable: {} }),
    error('RequestTimeout', { $fault: 'client' }),
    error('TimeoutError'),
    'a thrown text',
    null,
  ])
    strictEqual(kindOf(given), 'TransientError');
});

test('the message has the request, the error’s name and its words, and the error is the cause', () => {
  const cause = error('AccessDeniedException', { $fault: 'client' });
  const given = fromAwsError(cause, 'the secret x could not be read');
  deepStrictEqual(
    [given.message, given.cause],
    ['the secret x could not be read: AccessDeniedException: no more is said', cause],
  );
});

test('the words of an error that may repeat an answer or a signed token are left out', () => {
  const syntax = new SyntaxError('Unexpected token "canary-4711"');
  const signature = Object.assign(new Error('canary-4711'), { name: 'InvalidSignatureException' });
  for (const given of [syntax, signature]) {
    const { message } = fromAwsError(given, 'asking');
    ok(!message.includes('canary'), message);
    strictEqual(message, `asking: ${given.name}`);
  }
});
