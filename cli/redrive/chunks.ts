import { type Candidate, isProblem } from './candidate.ts';

/** The bytes of the records that are in hand at once, at the most; a larger record is in hand alone. */
const mostBytes = 8 * 1024 * 1024;

/** Collects candidates into lists of a few, so that the memory they take does not depend on how many there are. */
export const chunksOf = async function* (
  candidates: AsyncIterable<Candidate>,
  most: number,
): AsyncGenerator<Candidate[]> {
  let chunk: Candidate[] = [];
  let bytes = 0;
  for await (const candidate of candidates) {
    const more = bytesOf(candidate);
    if (chunk.length === most || (chunk.length > 0 && bytes + more > mostBytes)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(candidate);
    bytes += more;
  }
  if (chunk.length > 0) yield chunk;
};

const bytesOf = ({ found }: Candidate): number =>
  isProblem(found) ? 0 : (found.key?.length ?? 0) + (found.value?.length ?? 0);
