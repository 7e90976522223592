/** Where a key or a value is that the record has not. */
export const none = -1;

const equalsSign = 0x3d;

/** The keys and values of a batch, decoded into one buffer one behind the other; and where those of the record at hand are. */
export class Packing {
  readonly bytes: Buffer;
  /** Behind all that has been appended. */
  #used = 0;
  keyStart = none;
  /** Of the value, and behind the key. */
  start = 0;
  end = none;

  /** @param characters of all base64 texts that will be appended, and three more for each. */
  constructor(characters: number) {
    this.bytes = Buffer.allocUnsafeSlow(Math.ceil(characters / 4) * 3);
  }

  /** Begins with the next record. @returns whether the key is null or base64. */
  addKey(base64: string | null): boolean {
    this.keyStart = base64 === null ? none : this.#used;
    const isDecoded = base64 === null || this.#append(base64);
    this.start = this.#used;
    return isDecoded;
  }

  /** Behind its key. @returns whether the value is null or base64. */
  addValue(base64: string | null): boolean {
    const isDecoded = base64 === null || this.#append(base64);
    this.end = base64 === null ? none : this.#used;
    return isDecoded;
  }

  /** @returns whether it is base64 to its last character: Node leaves out what is not, and the bytes would not be those sent. */
  #append(base64: string): boolean {
    const length = this.bytes.write(base64, this.#used, 'base64');
    this.#used += length;
    const last = base64.length - 1;
    const padding =
      base64.charCodeAt(last) !== equalsSign
        ? 0
        : base64.charCodeAt(last - 1) === equalsSign
          ? 2
          : 1;
    return Math.ceil((length * 4) / 3) === base64.length - padding;
  }
}
