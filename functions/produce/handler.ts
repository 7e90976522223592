import { Admin, type ConnectionOptions, findErrorBy, Producer } from '@platformatic/kafka';
import { makeEvents } from './events.ts';
import { mskToken } from './msk-token.ts';

/** The demo's producer: each time that it is called, a minute's events; the first time, the topic too. */
export const handler = async (): Promise<{ produced: number }> => {
  const topic = given('KAFKA_TOPIC');
  const kafka = {
    clientId: 'user-events-demo',
    bootstrapBrokers: given('KAFKA_BOOTSTRAP_SERVERS').split(','),
    retries: 5,
    ...connection(),
  };
  await ensureTopic(kafka, topic);
  const producer = new Producer(kafka);
  try {
    const events = makeEvents(Number(given('EVENTS')), Date.now());
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
        replicas: Number(given('REPLICAS')),
      });
  } catch (error) {
    // Another call, of the schedule or of the deploy, made it since the topics were listed.
    if (findErrorBy(error as Error, 'apiId', 'TOPIC_ALREADY_EXISTS') === null) throw error;
  } finally {
    await admin.close();
  }
};

/** In Lambda the role signs in to MSK, over TLS; a test's broker asks for nothing. */
const connection = (): ConnectionOptions => {
  if (given('KAFKA_AUTH') === 'none') return {};
  const token = () =>
    mskToken(
      given('AWS_REGION'),
      {
        accessKeyId: given('AWS_ACCESS_KEY_ID'),
        secretAccessKey: given('AWS_SECRET_ACCESS_KEY'),
        sessionToken: given('AWS_SESSION_TOKEN'),
      },
      new Date(),
    );
  return { tls: {}, tlsServerName: true, sasl: { mechanism: 'OAUTHBEARER', token } };
};

const given = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} must be given (not given)`);
  return value;
};
