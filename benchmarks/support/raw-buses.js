// The loop that somebody would write by hand against each broker: publish, wait for the acknowledgement, consume and
// acknowledge, through the same client with the same durability as our adapters, and nothing else.
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { SQS } from '@aws-sdk/client-sqs';
import { Admin, Consumer, ProduceAcks, Producer } from '@platformatic/kafka';
import { connect as connectNats } from '@nats-io/transport-node';
import { createClient } from '@redis/client';
import { connect as connectRabbit } from 'amqplib';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import Database from 'libsql';
import { Pool } from 'pg';

/** Calls `publish` for 0 to count - 1, so many in flight at once. */
export async function inFlight(count, limit, publish) {
  let next = 0;
  const lane = async () => {
    while (next < count) await publish(next++);
  };
  await Promise.all(Array.from({ length: limit }, lane));
}

async function nats(url, topic, count, limit, body) {
  const connection = await connectNats({ servers: url });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: topic, subjects: [topic] });
  await manager.consumers.add(topic, { durable_name: 'raw', ack_policy: AckPolicy.Explicit, max_ack_pending: -1 });
  const client = jetstream(connection);
  const consumer = await client.consumers.get(topic, 'raw');
  const run = async () => {
    const consume = async () => {
      let left = count;
      for await (const message of await consumer.consume({ max_messages: 2 * limit })) {
        message.ack();
        if (--left === 0) break;
      }
      await connection.flush();
    };
    await Promise.all([consume(), inFlight(count, limit, (i) => client.publish(topic, body, { msgID: String(i) }))]);
  };
  return { run, close: () => connection.close() };
}

async function redis(url, topic, count, limit, body) {
  const [writer, reader] = [createClient({ url }), createClient({ url })];
  await Promise.all([writer.connect(), reader.connect()]);
  await writer.xGroupCreate(topic, 'raw', '0', { MKSTREAM: true });
  const run = async () => {
    const consume = async () => {
      for (let left = count; left > 0; ) {
        const reply = await reader.xReadGroup('raw', 'worker', { key: topic, id: '>' }, { COUNT: 2 * limit, BLOCK: 1000 });
        const messages = reply?.[0]?.messages ?? [];
        await Promise.all(messages.map(({ id }) => writer.xAck(topic, 'raw', id)));
        left -= messages.length;
      }
    };
    await Promise.all([consume(), inFlight(count, limit, () => writer.xAdd(topic, '*', { event: body }))]);
  };
  return { run, close: () => [writer, reader].forEach((client) => client.destroy()) };
}

/** A queue and a worker as their documentation has them. */
async function bullmq(url, topic, count, limit, body) {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const queue = new Queue(topic, { connection });
  await queue.waitUntilReady();
  const data = JSON.parse(body);
  const run = async () => {
    let left = count;
    const worker = await new Promise((resolve) => {
      const consumer = new Worker(topic, async () => {}, { connection, concurrency: limit });
      consumer.on('completed', () => --left === 0 && resolve(consumer));
      void inFlight(count, limit, () => queue.add('raw', data, { removeOnComplete: true }));
    });
    await worker.close();
  };
  return { run, close: () => connection.disconnect() };
}

async function rabbitmq(url, topic, count, limit, body) {
  const connection = await connectRabbit(url);
  const channel = await connection.createConfirmChannel();
  const reading = await connection.createChannel();
  await channel.assertQueue(topic, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await reading.prefetch(2 * limit);
  const content = Buffer.from(body);
  const publish = () =>
    new Promise((resolve, reject) => {
      channel.sendToQueue(topic, content, { persistent: true }, (error) => (error ? reject(error) : resolve()));
    });
  const run = async () => {
    let left = count;
    const consumed = new Promise((resolve) => {
      void reading.consume(topic, (message) => {
        reading.ack(message);
        if (--left === 0) resolve();
      });
    });
    await Promise.all([consumed, inFlight(count, limit, publish)]);
  };
  return { run, close: () => connection.close() };
}

/** Group commits of `limit` events, then of as many that are finished. */
async function outbox(file, topic, count, limit, body) {
  const database = new Database(file);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE raw (position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, event TEXT);
    CREATE TABLE done (position INTEGER PRIMARY KEY);`);
  const insert = database.prepare('INSERT INTO raw (id, event) VALUES (?, ?)');
  const unfinished = database.prepare('SELECT position, event FROM raw WHERE position > ? ORDER BY position LIMIT ?');
  const finish = database.prepare('INSERT INTO done VALUES (?)');
  const run = async () => {
    for (let next = 0, position = 0; next < count; ) {
      const until = Math.min(count, next + limit);
      database.exec('BEGIN IMMEDIATE');
      for (; next < until; next++) insert.run(`${topic}-${next}`, body);
      database.exec('COMMIT');
      const rows = unfinished.all(position, limit);
      position = rows.at(-1).position;
      database.exec('BEGIN IMMEDIATE');
      for (const row of rows) finish.run(row.position);
      database.exec('COMMIT');
    }
  };
  return { run, close: () => database.close() };
}

async function kafka(url, topic, count, limit, body) {
  const client = { clientId: 'raw', bootstrapBrokers: [new URL(url).host] };
  const admin = new Admin(client);
  await admin.createTopics({ topics: [topic], partitions: 6 });
  await admin.close();
  const producer = new Producer({ ...client, acks: ProduceAcks.ALL });
  const consumer = new Consumer({ ...client, groupId: topic, maxWaitTime: 200 });
  const stream = await consumer.consume({ topics: [topic], mode: 'committed', fallbackMode: 'earliest', autocommit: 50 });
  const value = Buffer.from(body);
  const run = async () => {
    const consume = async () => {
      let left = count;
      for await (const message of stream) if (message.value && --left === 0) break;
    };
    const publish = (i) => producer.send({ messages: [{ topic, key: Buffer.from(`order-${i}`), value }] });
    await Promise.all([consume(), inFlight(count, limit, publish)]);
  };
  const close = async () => {
    await producer.close();
    await consumer.close();
  };
  return { run, close };
}

/** One transaction for each event over the client's pool; a consumer that locks, deletes and commits as many as it finds. */
async function postgres(url, topic, count, limit, body) {
  const pool = new Pool({ connectionString: url, max: 10 });
  await pool.query(`CREATE TABLE "${topic}" (position bigserial PRIMARY KEY, id text UNIQUE, event text)`);
  const insert = `INSERT INTO "${topic}" (id, event) VALUES ($1, $2)`;
  const take = `DELETE FROM "${topic}" WHERE position IN
    (SELECT position FROM "${topic}" ORDER BY position LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING event`;
  const run = async () => {
    const consume = async () => {
      for (let left = count; left > 0; ) left -= (await pool.query({ name: 'take', text: take, values: [2 * limit] })).rowCount;
    };
    await Promise.all([consume(), inFlight(count, limit, (i) => pool.query({ name: 'insert', text: insert, values: [`${topic}-${i}`, body] }))]);
  };
  return { run, close: () => pool.end() };
}

/** A FIFO queue: one call for each event, ten received and deleted at once. */
async function sqs(url, topic, count, limit, body) {
  const { origin, username, password } = new URL(url);
  const client = new SQS({ endpoint: origin, region: 'us-east-1', credentials: { accessKeyId: username, secretAccessKey: password }, requestHandler: { httpAgent: { maxSockets: limit + 1 } } });
  const { QueueUrl } = await client.createQueue({ QueueName: `${topic}.fifo`, Attributes: { FifoQueue: 'true' } });
  const run = async () => {
    const consume = async () => {
      for (let left = count; left > 0; ) {
        const { Messages = [] } = await client.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
        if (Messages.length === 0) continue;
        await client.deleteMessageBatch({ QueueUrl, Entries: Messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle })) });
        left -= Messages.length;
      }
    };
    const publish = (i) => client.sendMessage({ QueueUrl, MessageBody: body, MessageGroupId: `order-${i}`, MessageDeduplicationId: `event-${i}` });
    await Promise.all([consume(), inFlight(count, limit, publish)]);
  };
  return { run, close: () => client.destroy() };
}

export const RAW = { nats, redis, bullmq, rabbitmq, postgres, kafka, sqs, outbox };
