import { Token } from 'aws-cdk-lib';

/** Tells whether a text, or an element of a list, has a part that only the deploy knows: no rule about texts applies to it. */
export const isToken = (given: string): boolean =>
  Token.isUnresolved(given) || Token.isUnresolved([given]);

/** Puts a word in the place of each token in a text, for rules that read the whole text. */
export const withoutTokens = (text: string): string =>
  text.replaceAll(/\$\{Token\[[^\]]+\]\}/g, 'token');
