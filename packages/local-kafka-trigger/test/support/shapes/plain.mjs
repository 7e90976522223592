// Reports the records that it cannot take.
export const handler = async ({ records }) => ({
  batchItemFailures: Object.entries(records).flatMap(([partition, list]) =>
    list
      .filter(({ value }) => atob(value) === 'bad')
      .map(({ offset }) => ({ itemIdentifier: { partition, offset } })),
  ),
});
