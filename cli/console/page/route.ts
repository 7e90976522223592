import { useEffect, useState } from 'preact/hooks';

/** Where the page is: a screen, and its filters. The address holds both, so that it can be kept and given to others. */
export interface Route {
  readonly screen: string;
  readonly filters: Readonly<Record<string, string>>;
}

/** Reads the route of an address's fragment: `#/rejected?reason=late`. */
export const readRoute = (hash: string): Route => {
  const [, path = '', query = ''] = /^#?\/?([^?]*)\??(.*)$/s.exec(hash) ?? [];
  return {
    screen: path === '' ? 'now' : path,
    filters: Object.fromEntries(new URLSearchParams(query)),
  };
};

/** Writes the address of a screen with filters. Those that are empty are left out. */
export const hrefOf = (
  screen: string,
  filters: Readonly<Record<string, string | undefined>> = {},
): string => {
  const given = Object.entries(filters).filter(([, value]) => value !== undefined && value !== '');
  const query = new URLSearchParams(given as [string, string][]).toString();
  return `#/${screen}${query === '' ? '' : `?${query}`}`;
};

/** Gives the route, and again when the address changes. */
export const useRoute = (): Route => {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = (): void => setHash(location.hash);
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return readRoute(hash);
};
