/** Where a key or a value is that the record has not. */
export const none = -1;

/** Bytes that are asked for at once, or as many as a larger record has. */
const chunk = 64 * 1024;

const equalsSign = 0x3d;

/** Decodes the keys and values of records into common buffers, one behind the other, and says where those of the record at hand are. */
export class Packing {
  bytes: Buffer = Buffer.alloc(0);
  #used = 0;
  keyStart = none;
  /** Of the value, and behind the key. */
  start = 0;
  end = none;

  /** Makes room for the next record. @param characters of its key and its value, in base64. */
  begin(characters: number): void {
    if (this.#used + characters <= this.bytes.length) return;
    this.bytes = Buffer.allocUnsafeSlow(Math.max(chunk, characters));
    this.#used = 0;
  }

  /** @returns whether the key is null or base64. */
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

  /** The key of the record at hand; null where it has none. */
  get key(): Buffer | null {
    return this.keyStart === none ? null : this.bytes.subarray(this.keyStart, this.start);
  }

  /** The value of the record at hand; null where it has none. */
  get value(): Buffer | null {
    return this.end === none ? null : this.bytes.subarray(this.start, this.end);
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
