/** Refusals in a row, at the most, that may be the rows' fault when no row was accepted since they began. */
const mostOnOldEvidence = 3;

/** Refused rows that are remembered, at the most; the oldest is forgotten first. */
const mostRemembered = 1_000;

/**
 * Tells whether a row that was refused in unknown words is at fault, or the table: by whether the same statement is accepted
 * for other rows. Lives as long as the function's environment
 * (docs/decisions/0012-what-a-refusal-says-of-a-row.md).
 */
export class Acceptances {
  #accepted = 0;
  #refusedInARow = 0;
  /** The number of accepted requests when the invocation began that first saw a row refused, by the row. */
  readonly #since = new Map<string, number>();

  /** Requests of the statement that were accepted so far. */
  get count(): number {
    return this.#accepted;
  }

  /** To be called when a request of the statement was accepted. */
  accept(): void {
    this.#accepted += 1;
    this.#refusedInARow = 0;
  }

  /**
   * To be called when a row was refused that was written alone.
   * @param row its record's name.
   * @param since `count` when the writes of its partition began.
   */
  refuse(row: string, since: number): void {
    this.#refusedInARow += 1;
    this.#since.set(row, this.#since.get(row) ?? since);
    if (this.#since.size <= mostRemembered) return;
    const [oldest] = this.#since.keys();
    if (oldest !== undefined) this.#since.delete(oldest);
  }

  /**
   * Whether a refused row is at fault: another was accepted since its invocation began, or since an earlier one in which it was
   * refused too. Without such a row an older acceptance counts for a few refusals in a row; of more than these the statement
   * itself is refused, for it may have worked yesterday.
   */
  blames(row: string): boolean {
    const since = this.#since.get(row) ?? this.#accepted;
    return (
      this.#accepted > since || (this.#accepted > 0 && this.#refusedInARow <= mostOnOldEvidence)
    );
  }
}
