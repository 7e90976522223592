/**
 * A fault of the surroundings that a person can correct, such as a missing Java, a taken port or an unreachable server. Its
 * message says the fault and the remedy; command lines print it alone, without a stack.
 */
export class UserFacingError extends Error {
  override readonly name = 'UserFacingError';
}
