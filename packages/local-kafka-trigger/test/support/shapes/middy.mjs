import middy from '@middy/core';
import { handler as plain } from './plain.mjs';

// A handler with a middleware, which notes when it has begun.
export const handler = middy(plain).use({ before: () => void process.stdout.write('before\n') });
