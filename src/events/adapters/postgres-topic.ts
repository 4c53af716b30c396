/** A topic as a schema of PostgreSQL: orders, the outbox, and for each consumer the deliveries that it has not finished. */
import type { ClientConfig } from 'pg';

/** Whoever takes a connection and says nothing is no server, ms. */
const CONNECT_WITHIN_MS = 5000;

/** How every connection is made. */
export function clientOptions(url: string): ClientConfig {
  return { connectionString: url, connectionTimeoutMillis: CONNECT_WITHIN_MS, application_name: 'sync-vs-events' };
}

/** The statements of one topic. Positions are in order of insertion, which for one publisher at a time is that of commit. */
export interface TopicStatements {
  /** Creates what is not there yet; others who do so at the same time wait. */
  create: string;
  /** One row, `found`: whether the topic is there. */
  find: string;
  /** Order, event and deliveries in one transaction: [order, identity, event, consumers]. */
  publish: string;
  /** Takes deliveries that nobody holds: [consumer, most, owner, lease in s]; rows of position, attempts and event. */
  claim: string;
  /** Holds on to them: [consumer, owner, positions, lease in s]. */
  renew: string;
  /** Finishes those that are still the owner's: [consumer, owner, positions]; rows of position. */
  finish: string;
  /** As `finish`, and keeps them among the dead letters. */
  bury: string;
  /** Gives everything of an owner back: [consumer, owner]. */
  release: string;
  /** Identities of what a consumer has not finished: [consumer]. */
  held: string;
  remove: string;
}

/** Two who create a schema at once are in each other's way, even with IF NOT EXISTS. */
const CREATING = 7_367_762;

export function statementsOf(topic: string): TopicStatements {
  const schema = `"${topic.replaceAll('"', '""')}"`;
  const mine = `consumer = $1 AND owner = $2 AND position = ANY($3::bigint[])`;
  return {
    create: `
      BEGIN;
      SELECT pg_advisory_xact_lock(${CREATING});
      CREATE SCHEMA IF NOT EXISTS ${schema};
      CREATE TABLE IF NOT EXISTS ${schema}.orders (id text PRIMARY KEY);
      CREATE TABLE IF NOT EXISTS ${schema}.outbox (
        position bigserial PRIMARY KEY,
        identity text NOT NULL UNIQUE,
        event text NOT NULL
      );
      CREATE TABLE IF NOT EXISTS ${schema}.deliveries (
        consumer text NOT NULL,
        position bigint NOT NULL,
        owner text,
        lease timestamptz NOT NULL DEFAULT '-infinity',
        attempts integer NOT NULL DEFAULT 0,
        PRIMARY KEY (consumer, position)
      ) WITH (fillfactor = 70);
      CREATE TABLE IF NOT EXISTS ${schema}.dead (consumer text NOT NULL, position bigint NOT NULL, PRIMARY KEY (consumer, position));
      COMMIT`,
    find: `SELECT to_regclass('${schema.replaceAll("'", "''")}.deliveries') IS NOT NULL AS found`,
    publish: `
      WITH placed AS (INSERT INTO ${schema}.orders VALUES ($1) ON CONFLICT DO NOTHING),
        published AS (INSERT INTO ${schema}.outbox (identity, event) VALUES ($2, $3) ON CONFLICT (identity) DO NOTHING RETURNING position)
      INSERT INTO ${schema}.deliveries (consumer, position) SELECT consumer, position FROM published, unnest($4::text[]) AS consumer`,
    claim: `
      WITH next AS (
        SELECT position FROM ${schema}.deliveries WHERE consumer = $1 AND lease < clock_timestamp()
        ORDER BY position LIMIT $2 FOR UPDATE SKIP LOCKED
      )
      UPDATE ${schema}.deliveries AS delivery
      SET owner = $3, lease = clock_timestamp() + make_interval(secs => $4), attempts = attempts + 1
      FROM next JOIN ${schema}.outbox USING (position)
      WHERE delivery.consumer = $1 AND delivery.position = next.position
      RETURNING delivery.position::float8 AS position, attempts, event`,
    renew: `UPDATE ${schema}.deliveries SET lease = clock_timestamp() + make_interval(secs => $4) WHERE ${mine} RETURNING position::float8 AS position`,
    finish: `DELETE FROM ${schema}.deliveries WHERE ${mine} RETURNING position::float8 AS position`,
    bury: `
      WITH gone AS (DELETE FROM ${schema}.deliveries WHERE ${mine} RETURNING consumer, position)
      INSERT INTO ${schema}.dead SELECT consumer, position FROM gone ON CONFLICT DO NOTHING RETURNING position::float8 AS position`,
    release: `UPDATE ${schema}.deliveries SET owner = NULL, lease = '-infinity' WHERE consumer = $1 AND owner = $2`,
    held: `SELECT identity FROM ${schema}.deliveries JOIN ${schema}.outbox USING (position) WHERE consumer = $1 ORDER BY position`,
    remove: `DROP SCHEMA IF EXISTS ${schema} CASCADE`,
  };
}
