/**
 * Why bytes are no value of their schema; the message names the fault, never the contents. It is thrown, and is no Error: the stack
 * trace of one takes longer than reading ten good values, and whoever sends broken ones would have one made for each.
 */
export class DecodeFailure {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}
