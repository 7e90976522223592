/**
 * A fault of the surroundings that a person can mend (no Java, a taken port, an unreachable server).
 * Its message says what is wrong and what to do; command lines print it alone, without a stack.
 */
export class UserFacingError extends Error {
  override readonly name = 'UserFacingError';
}
