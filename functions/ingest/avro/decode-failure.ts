/**
 * The reason for which bytes are no value of their schema. The message names the fault, never the contents. It is thrown without
 * being an Error: a stack trace takes longer than reading ten good values, and a sender of broken values would cause one for
 * each.
 */
export class DecodeFailure {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}
