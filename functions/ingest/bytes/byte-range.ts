/** Some of the bytes of a buffer, which need no Buffer of their own to be read. */
export interface Span {
  readonly bytes: Buffer;
  /** Of the first one. */
  readonly start: number;
  /** Behind the last one. */
  readonly end: number;
}

export const spanOf = (bytes: Buffer): Span => ({ bytes, start: 0, end: bytes.length });

export const lengthOf = ({ start, end }: Span): number => end - start;

/** The same bytes as a Buffer; they are not copied. */
export const toBuffer = ({ bytes, start, end }: Span): Buffer => bytes.subarray(start, end);
