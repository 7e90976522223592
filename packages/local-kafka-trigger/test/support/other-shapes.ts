/** A handler that is no export of its module, but a part of one. */
export const nested = { handler: (): string => 'nested' };

/** A handler of the kind that Lambda has ended. */
export const callback = (_event: unknown, _context: unknown, done: (error: null) => void): void => {
  done(null);
};
