import { kafkaConsumer } from '@aws-lambda-powertools/kafka';

// Powertools decodes the records to texts. It fails for a record that it cannot take.
export const handler = kafkaConsumer(async ({ records }) => {
  for (const { value } of records) if (value === 'bad') throw new Error('a bad record');
}, {});
