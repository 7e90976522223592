import { oneOf, type Variables } from './variable.ts';

/** The variable that says how a value names its schema. */
export const wireFormatVariables = {
  WIRE_FORMAT: {
    setting: 'wireFormat',
    meaning:
      'how values begin: `auto` tells by the first byte; name the format if a bare value may begin with 0, 1 or 3; `json` is plain JSON of the event',
    fallback: 'auto',
    ...oneOf('auto', 'bare', 'confluent', 'glue', 'json'),
  },
} as const satisfies Variables;
