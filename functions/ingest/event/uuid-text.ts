/** Writes a uuid's sixteen bytes as text: 8-4-4-4-12 hexadecimal digits, in lower case. */
export const uuidText = (bytes: Buffer, start: number): string => {
  const hex = bytes.toString('hex', start, start + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Tells whether a text is a uuid by RFC 9562 §4: 8-4-4-4-12 hexadecimal digits, in lower or upper case. */
export const isUuid = (text: string): boolean => uuid.test(text);
