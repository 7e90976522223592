import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { isCertificateRefused } from '../../../../functions/ingest/remote/certificate-refused.ts';

const failure = (code: unknown): Error => Object.assign(new Error('connect'), { code });

// https://nodejs.org/api/tls.html#x509-certificate-error-codes
test('a certificate that is not trusted, has expired or is another server’s is told from its error code', () => {
  for (const code of [
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])
    deepStrictEqual([code, isCertificateRefused(failure(code))], [code, true]);
});

test('an error that says nothing of a certificate is not taken for a refused one', () => {
  for (const error of [failure('ECONNREFUSED'), failure(7), new Error('CERT'), 'CERT', null])
    deepStrictEqual(isCertificateRefused(error), false);
});
