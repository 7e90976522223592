/** Node's error codes of a certificate that is not trusted, has expired, or belongs to another host. */
const certificateCodes = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/;

/** Tells whether an error code of Node is about the server's certificate. */
export const isCertificateCode = (code: string): boolean => certificateCodes.test(code);
