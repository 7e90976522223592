import type { JSX } from 'preact';
import { hrefOf } from './route.ts';

/** A field of a screen's filters. */
export interface FilterField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** True for a name that is longer than a word. */
  readonly isLong?: true;
  /** Values that are offered; any text can be given. */
  readonly suggestions?: readonly string[];
  /** The only values that can be given. */
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
}

interface FiltersProps {
  readonly screen: string;
  readonly fields: readonly FilterField[];
  readonly values: Readonly<Record<string, string>>;
  readonly action: string;
}

/** The filters of a screen. What is chosen goes into the address, beside the values that have no field. */
export const Filters = ({ screen, fields, values, action }: FiltersProps): JSX.Element => (
  <form
    class="filters"
    onSubmit={(event) => {
      event.preventDefault();
      const given = new FormData(event.currentTarget);
      location.hash = hrefOf(screen, {
        ...values,
        ...Object.fromEntries([...given].map(([name, value]) => [name, String(value).trim()])),
      });
    }}
  >
    {fields.map(({ name, label, hint, isLong, suggestions, choices }) => (
      <div key={`${name}=${values[name] ?? ''}`} class={isLong ? 'long' : ''}>
        <label for={`filter-${name}`}>{label}</label>
        {suggestions !== undefined && (
          <datalist id={`suggestions-${name}`}>
            {suggestions.map((value) => (
              <option key={value} value={value} />
            ))}
          </datalist>
        )}
        {choices === undefined ? (
          <input
            id={`filter-${name}`}
            name={name}
            defaultValue={values[name] ?? ''}
            placeholder={hint}
            list={suggestions === undefined ? undefined : `suggestions-${name}`}
            autoComplete="off"
            spellcheck={false}
          />
        ) : (
          <select id={`filter-${name}`} name={name}>
            {choices.map(({ value, label: text }) => (
              <option
                key={value}
                value={value}
                selected={value === (values[name] ?? choices[0]?.value)}
              >
                {text}
              </option>
            ))}
          </select>
        )}
      </div>
    ))}
    <button type="submit">{action}</button>
  </form>
);
