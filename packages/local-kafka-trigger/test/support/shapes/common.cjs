// A module of CommonJS. It fails for a record that it cannot take.
exports.handler = async ({ records }) => {
  for (const { value } of Object.values(records).flat())
    if (atob(value) === 'bad') throw new Error('a bad record');
};
