import { rootMessage } from 'local-kafka-trigger/root-message.ts';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';
import published from '../../schema/user-event.avsc.json' with { type: 'json' };

const timeoutMs = 10_000;

/**
 * Registers the schema of events for the values of a topic, in a registry with Confluent's API. A registry that has it already gives
 * the id that it has.
 * @param registry the registry's address, without a login.
 * @returns the schema's id.
 * @throws {UserFacingError} where the registry cannot be reached, or refuses the schema.
 */
export const registerSchema = async (registry: string, topic: string): Promise<number> => {
  const path = `subjects/${encodeURIComponent(`${topic}-value`)}/versions`;
  const where = `The schema registry at ${registry}`;
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${registry.replace(/\/$/, '')}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
      body: JSON.stringify({ schema: JSON.stringify(published) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    text = await response.text();
  } catch (error) {
    throw new UserFacingError(
      `${where} does not answer: ${rootMessage(error)}. Is --registry its address?`,
      { cause: error },
    );
  }
  const id = response.ok ? idIn(text) : null;
  if (id === null)
    throw new UserFacingError(
      `${where} did not register the schema (${response.status}): ${text.slice(0, 300)}`,
    );
  return id;
};

const idIn = (text: string): number | null => {
  try {
    const { id } = JSON.parse(text);
    return Number.isInteger(id) ? id : null;
  } catch {
    return null;
  }
};
