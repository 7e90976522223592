/** The position of a key or a value that the record has not. */
export const absent = -1;

/** Bytes that are asked for at once, or as many as a larger record has. */
const chunk = 64 * 1024;

const equalsSign = 0x3d;

/** Decodes base64 keys and values into buffers that many records share, and tells where those of the latest record are. */
export class Base64Arena {
  bytes: Buffer = Buffer.alloc(0);
  #used = 0;
  keyStart = absent;
  /** The position of the value, and behind the key. */
  start = 0;
  end = absent;

  /** Makes room for the next record. @param characters of its key and its value, in base64. */
  begin(characters: number): void {
    if (this.#used + characters <= this.bytes.length) return;
    this.bytes = Buffer.allocUnsafeSlow(Math.max(chunk, characters));
    this.#used = 0;
  }

  /** Adds the record's key. @returns whether the key is null or base64. */
  addKey(base64: string | null): boolean {
    this.keyStart = base64 === null ? absent : this.#used;
    const isDecoded = base64 === null || this.#append(base64);
    this.start = this.#used;
    return isDecoded;
  }

  /** Adds the record's value, behind its key. @returns whether the value is null or base64. */
  addValue(base64: string | null): boolean {
    const isDecoded = base64 === null || this.#append(base64);
    this.end = base64 === null ? absent : this.#used;
    return isDecoded;
  }

  /** The key of the latest record; null where it has none. */
  get key(): Buffer | null {
    return this.keyStart === absent ? null : this.bytes.subarray(this.keyStart, this.start);
  }

  /** The value of the latest record; null where it has none. */
  get value(): Buffer | null {
    return this.end === absent ? null : this.bytes.subarray(this.start, this.end);
  }

  /**
   * @returns whether a text is base64 to its last character: Node leaves out other characters, and the bytes would not be those sent. A
   * character above U+00FF counts by its lowest eight bits; Lambda sends none.
   */
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
