import published from '../../schema/user-event.avsc.json' with { type: 'json' };

/** The name of a field that the project does not have: the first free one. */
export const addedName = ['session_id', 'visit_id', 'added_by_a_test'].find(
  (name) => !published.fields.some((field) => field.name === name),
) as string;

/** A field with an optional text. */
export const addedField = { name: addedName, type: ['null', 'string'], default: null } as const;
