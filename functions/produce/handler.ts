import { Admin, type ConnectionOptions, findErrorBy, Producer } from '@platformatic/kafka';
import { makeEvents } from './events.ts';
import { mskToken } from './msk-token.ts';

/** Produces a minute's events for the demo, and makes the topic the first time. */
export const handler = async (): Promise<{ produced: number }> => {
  const topic = variable('KAFKA_TOPIC');
  const kafka = {
    clientId: 'user-events-demo',
    bootstrapBrokers: variable('KAFKA_BOOTSTRAP_SERVERS').split(','),
    retries: 5,
    ...connection(),
  };
  await ensureTopic(kafka, topic);
  const producer = new Producer(kafka);
  try {
    const events = makeEvents(Number(variable('EVENTS')), Date.now());
    await producer.send({ messages: events.map((event) => ({ topic, ...event })) });
    return { produced: events.length };
  } finally {
    await producer.close();
  }
};

const partitions = 3;

const ensureTopic = async (kafka: ConstructorParameters<typeof Admin>[0], topic: string) => {
  const admin = new Admin(kafka);
  try {
    const topics = await admin.listTopics();
    if (!topics.includes(topic))
      await admin.createTopics({
        topics: [topic],
        partitions,
        replicas: Number(variable('REPLICAS')),
      });
  } catch (error) {
    // Another call, of the schedule or of the deploy, has made the topic since it was listed.
    if (findErrorBy(error as Error, 'apiId', 'TOPIC_ALREADY_EXISTS') === null) throw error;
  } finally {
    await admin.close();
  }
};

/** Chooses the login: in Lambda the role signs in to MSK over TLS; a test's broker requires none. */
const connection = (): ConnectionOptions => {
  if (variable('KAFKA_AUTH') === 'none') return {};
  const token = () =>
    mskToken(
      variable('AWS_REGION'),
      {
        accessKeyId: variable('AWS_ACCESS_KEY_ID'),
        secretAccessKey: variable('AWS_SECRET_ACCESS_KEY'),
        sessionToken: variable('AWS_SESSION_TOKEN'),
      },
      new Date(),
    );
  return { tls: {}, tlsServerName: true, sasl: { mechanism: 'OAUTHBEARER', token } };
};

const variable = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};
