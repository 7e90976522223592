/**
 * A fault that a person can correct, such as a setting that AWS refuses or a broker that does not answer. Its message says the
 * fault and the remedy.
 */
export class TriggerError extends Error {
  override readonly name = 'TriggerError';
}
