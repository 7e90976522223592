import type { EventLayout } from '../bytes/event-layout.ts';
import type { Decoder } from '../pipeline/decoder.ts';
import { createRegistry, olderBare } from '../schema-registry/create-registry.ts';
import { createDecoder, type DecoderOptions } from './create-decoder.ts';

/** Makes the decoder that the settings ask for, with the bundled schemas and the configured registry. */
export const configuredDecoder = (
  config: Pick<DecoderOptions, 'wireFormat'> & Parameters<typeof createRegistry>[0],
  layout: EventLayout,
): Decoder => createDecoder({ ...config, layout, olderBare: olderBare() }, createRegistry(config));
