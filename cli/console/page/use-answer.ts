import { useEffect, useState } from 'preact/hooks';
import { type Answer, ask, type Parameters } from './answer.ts';

/** What is known of a command's answer. */
export interface Asked<Line> {
  /** The last answer; null before the first. */
  readonly answer: Answer<Line> | null;
  /** Why the last question failed; null where it did not. The answer before it is stale then. */
  readonly error: string | null;
  /** True while a question is under way. */
  readonly isAsking: boolean;
  /** When the answer came, in milliseconds. */
  readonly at: number | null;
}

/**
 * Asks for a command's answer, and again when its parameters change.
 * @param everyMs asks again after so many milliseconds, but not while the page is hidden; 0 asks once.
 * @param command null asks nothing.
 */
export const useAnswer = <Line>(
  command: string | null,
  parameters: Parameters,
  everyMs = 0,
): Asked<Line> => {
  const [asked, setAsked] = useState<Asked<Line>>({
    answer: null,
    error: null,
    isAsking: false,
    at: null,
  });
  const about = JSON.stringify([command, parameters]);
  useEffect(() => {
    setAsked({ answer: null, error: null, isAsking: command !== null, at: null });
    if (command === null) return;
    const abort = new AbortController();
    let timer: number | undefined;
    let isUnderWay = false;
    let isDue = true;
    const askOnce = async (): Promise<void> => {
      clearTimeout(timer);
      if (document.hidden || isUnderWay) return;
      isUnderWay = true;
      isDue = everyMs > 0;
      setAsked((before) => ({ ...before, isAsking: true }));
      try {
        const answer = await ask<Line>(command, parameters, abort.signal);
        setAsked({ answer, error: null, isAsking: false, at: Date.now() });
      } catch (error) {
        if (abort.signal.aborted) return;
        setAsked((before) => ({ ...before, error: (error as Error).message, isAsking: false }));
      }
      isUnderWay = false;
      if (everyMs > 0) timer = setTimeout(askOnce, everyMs);
    };
    const shown = (): void => {
      if (isDue) void askOnce();
    };
    document.addEventListener('visibilitychange', shown);
    void askOnce();
    return () => {
      abort.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', shown);
    };
  }, [about, everyMs]);
  return asked;
};
