/** Node's codes of a server certificate that is not trusted, has expired, or is another server's. */
const codes = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/;

/** Tells whether a connection failed because the server's certificate was refused: waiting does not mend that. */
export const isCertificateRefused = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  codes.test(error.code);
