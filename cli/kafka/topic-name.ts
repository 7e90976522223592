/** The rule of a topic's name, as an option takes it. */
export const topicName = {
  pattern: /^[a-zA-Z0-9._-]{1,249}$/,
  rule: 'the name of a topic: letters, digits, ".", "_" and "-"',
};
