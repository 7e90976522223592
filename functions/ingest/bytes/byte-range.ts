/** Some of the bytes of a buffer: they are read where they are, without a Buffer of their own. */
export interface ByteRange {
  readonly bytes: Buffer;
  /** The position of the first byte. */
  readonly start: number;
  /** The position behind the last byte. */
  readonly end: number;
}

/** The range of a whole buffer. */
export const rangeOf = (bytes: Buffer): ByteRange => ({ bytes, start: 0, end: bytes.length });

/** How many bytes a range has. */
export const lengthOf = ({ start, end }: ByteRange): number => end - start;

/** Makes a Buffer of a range's bytes, without copying them. */
export const toBuffer = ({ bytes, start, end }: ByteRange): Buffer => bytes.subarray(start, end);
