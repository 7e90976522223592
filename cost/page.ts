import { costTable, priceTable } from './model.ts';

/** Writes the tables of cost and prices into a page, between the marks for them. */
export const withCostTables = (page: string): string => {
  let text = page;
  for (const [mark, table] of [
    ['cost', costTable()],
    ['prices', priceTable()],
  ])
    text = text.replace(
      new RegExp(`(<!-- ${mark} -->)[^]*(<!-- /${mark} -->)`),
      (_, begin, end) => `${begin}\n\n${table}\n\n${end}`,
    );
  return text;
};
