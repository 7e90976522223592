/** The bundle of the page: what its source becomes. */
export interface PageSource {
  readonly script: string;
  readonly style: string;
}

/** The files of the bundle in the package, beside its command line. */
export const pageSourceFiles = { script: 'page.js', style: 'page.css' } as const;
