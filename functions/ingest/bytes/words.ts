/** A view of a buffer's bytes as whole numbers of 32 bits: `setInt32` writes one faster than four bytes are written. */
export const wordsOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);
