import { logLevels } from "../../process/logger";
import { payloadFormats } from "../sources/source";
import {
  jsonPointer,
  networks,
  origins,
  postgresChannels,
  postgresUrl,
  redisUrl,
  subprotocols,
  topicUrls,
} from "./forms";
import {
  boolean,
  type ConfigKey,
  choice,
  formList,
  integer,
  numberOr,
  optionalForm,
  optionalText,
  seconds,
  text,
  textList,
  type ValueOf,
} from "./key";

const port = (fallback: number, description: string) =>
  integer(fallback, { min: 0, max: 65_535, description });
const megabyte = 1_048_576;

/**
 * Every setting of the service, by dotted key. The file nests by the dots, the environment name of `a.b_c` is
 * `WEBSOCKET_A_B_C`; `short` is the variable that older guides use. A key is `hot` when a reload puts it in
 * force without a restart.
 */
export const schema = {
  workers: integer(1, {
    min: 1,
    max: 64,
    description: "Processes that hold connections; with 1 it is the service's own process.",
  }),
  "server.id": optionalText({ description: "Name in answers and logs; host name and port when unset." }),
  host: text("127.0.0.1", { description: "Address of the WebSocket listener." }),
  port: port(8765, "Port of the WebSocket listener; 0 takes a free one."),
  "admin.host": text("127.0.0.1", { description: "Address of the HTTP listener." }),
  "admin.port": port(8080, "Port of the HTTP listener; 0 takes a free one."),
  "admin.token": optionalText({ description: "Asked for on everything but /health.", secret: true }),
  "admin.allow_without_token": boolean(false, {
    description: "Allow an admin.host that is not loopback without a token.",
  }),
  "tls.cert_file": optionalText({
    description: "Certificate with its chain in PEM; both listeners speak TLS with it, and nothing else.",
  }),
  "tls.key_file": optionalText({ description: "The certificate's key in PEM, without a passphrase." }),
  "tls.min_version": choice("TLSv1.2", ["TLSv1.2", "TLSv1.3"], {
    description: "Oldest version of TLS that clients may speak.",
  }),
  data_dir: text("./data/websocket-server", {
    description:
      "Folder for heap snapshots, temporary values and the history of the configuration; one a service.",
  }),
  "connections.max": integer(10_000, {
    min: 1,
    max: 1_000_000,
    hot: true,
    short: "MAX_CONNECTIONS",
    description: "Open connections at most; further ones are refused with 503.",
  }),
  "connections.max_per_ip": integer(0, {
    min: 0,
    max: 1_000_000,
    hot: true,
    description: "Open connections of one address at most; 0 sets no limit.",
  }),
  "connections.handshake_timeout": seconds(10, {
    min: 0.1,
    max: 300,
    description: "Time from TCP connect to the finished handshake.",
  }),
  "connections.max_handshakes": integer(5_000, {
    min: 1,
    max: 1_000_000,
    hot: true,
    description: "Handshakes under way at most; further sockets are closed at once.",
  }),
  "connections.trusted_proxies": formList(networks, {
    hot: true,
    description: "Addresses and networks of proxies that are believed about whom they connect for.",
  }),
  "connections.forwarded_header": choice("x-forwarded-for", ["x-forwarded-for", "forwarded"], {
    hot: true,
    description: "Header in which trusted proxies name the client; the other one is never read.",
  }),
  "connections.origins": formList(origins, {
    hot: true,
    description: "Origins that browsers may connect from, matched exactly; empty allows any.",
  }),
  "connections.subprotocols": formList(subprotocols, {
    hot: true,
    description: "Subprotocols that are agreed to; the client's order decides.",
  }),
  "heartbeat.interval": seconds(30, {
    min: 0.05,
    max: 3_600,
    hot: true,
    short: "HEARTBEAT_INTERVAL",
    description: "Time between pings.",
  }),
  "heartbeat.timeout": seconds(30, {
    min: 0.05,
    max: 3_600,
    hot: true,
    short: "PING_TIMEOUT",
    description: "Silence after a ping that ends a connection.",
  }),
  "messages.max_bytes": integer(megabyte, {
    min: 64,
    max: 64 * megabyte,
    unit: "bytes",
    hot: true,
    description: "Size of a client's message at most; above it 1009.",
  }),
  "messages.max_fragments": integer(1_024, {
    min: 1,
    max: 1_000_000,
    hot: true,
    description: "Fragments of a client's message at most; above it 1008.",
  }),
  "messages.timeout": seconds(60, {
    min: 0.1,
    max: 3_600,
    hot: true,
    description: "Time from a message's first byte to its last; above it 1008.",
  }),
  "messages.max_control_per_second": integer(50, {
    min: 1,
    max: 1_000_000,
    hot: true,
    description: "Pings and pongs a second that one connection may send; above it 1008.",
  }),
  "messages.max_per_second": integer(100, {
    min: 1,
    max: 1_000_000,
    hot: true,
    description: "Messages a second that one connection may send.",
  }),
  "subscriptions.max_per_connection": integer(1_000, {
    min: 1,
    max: 1_000_000,
    hot: true,
    description: "Topics that one connection may hold, those of its patterns counted.",
  }),
  "subscriptions.patterns": boolean(true, {
    hot: true,
    description: "Allow subscriptions to patterns; those that exist stay.",
  }),
  "subscriptions.max_patterns_per_connection": integer(20, {
    min: 1,
    max: 10_000,
    hot: true,
    description: "Patterns that one connection may hold.",
  }),
  "subscriptions.max_patterns": integer(10_000, {
    min: 1,
    max: 1_000_000,
    hot: true,
    description: "Different patterns that all connections together may hold.",
  }),
  "outbound.max_bytes": integer(megabyte, {
    min: 1_024,
    max: 1_024 * megabyte,
    unit: "bytes",
    hot: true,
    description: "Unsent bytes of one connection above which updates of a topic are conflated to the newest.",
  }),
  "outbound.flush_ms": numberOr("adaptive", {
    min: 0,
    max: 100,
    unit: "milliseconds",
    hot: true,
    description:
      "Time between two flushes of messages; 0 flushes at once, adaptive up to 20 apart under load.",
  }),
  "outbound.write_deadline": seconds(30, {
    min: 0.1,
    max: 3_600,
    hot: true,
    description: "Time without write progress that ends a connection with 1013.",
  }),
  "history.messages": integer(100, {
    min: 0,
    max: 1_000_000,
    hot: true,
    description: "Messages of a topic that are kept for clients that come back.",
  }),
  "history.seconds": seconds(300, {
    min: 0,
    max: 86_400,
    hot: true,
    description: "Time that they are kept.",
  }),
  "history.max_bytes": integer(64 * megabyte, {
    min: 0,
    max: 65_536 * megabyte,
    unit: "bytes",
    hot: true,
    description: "Memory for the history of all topics together; the oldest messages go first.",
  }),
  "publish.allow": textList([], {
    hot: true,
    description: "Topics that clients may publish to; `*` stands for any run of characters.",
  }),
  "publish.max_topics": integer(10_000, {
    min: 1,
    max: 1_000_000,
    hot: true,
    description: "Topics that clients may bring into being.",
  }),
  "publish.forget_after": seconds(3_600, {
    min: 1,
    max: 31_536_000,
    hot: true,
    description: "Silence after which a topic that clients made and nobody holds by name is forgotten.",
  }),
  "sources.timeout": seconds(10, {
    min: 0.1,
    max: 300,
    description: "Time without an answer after which a data source's connection counts as lost.",
  }),
  "sources.retry_longest": seconds(30, {
    min: 0.1,
    max: 3_600,
    description: "Time between two attempts to connect a data source at most.",
  }),
  "sources.max_bytes": integer(megabyte, {
    min: 64,
    max: 64 * megabyte,
    unit: "bytes",
    description: "Size of a data source's payload at most; larger ones are counted as errors.",
  }),
  "cache.backend": choice("memory", ["memory", "redis"], {
    description: "Where last values and the order of messages are kept; with redis, instances share them.",
  }),
  "cache.stale_after": seconds(300, {
    min: 0.1,
    max: 31_536_000,
    hot: true,
    description: "Age at which a last value counts as stale.",
  }),
  "redis.url": optionalText({
    secret: true,
    description: "Of the Redis or Valkey for cache.backend, like redis://:password@host:6379/0.",
  }),
  "redis.prefix": text("websocket", {
    description: "Begins the names of all keys; instances that share topics have the same one.",
  }),
  "redis.timeout": seconds(2, {
    min: 0.05,
    max: 60,
    description: "Time that Redis may take for an answer before it counts as away.",
  }),
  "redis.feed_messages": integer(50_000, {
    min: 100,
    max: 10_000_000,
    description: "Messages kept in Redis for instances that start or come back.",
  }),
  "redis.lease": seconds(10, {
    min: 0.3,
    max: 3_600,
    description: "Time after which another instance runs the data sources of one that is gone.",
  }),
  "sources.simulated.enabled": boolean(true, { description: "Run the simulated data sources." }),
  "sources.simulated.seed": integer(1, {
    min: 0,
    max: 4_294_967_295,
    description: "Seed of the simulated data; the same seed gives the same values.",
  }),
  "sources.simulated.rate": integer(100, {
    min: 1,
    max: 10_000,
    unit: "percent",
    description: "Pace of the simulated data; 100 is about 95 messages a second over all topics.",
  }),
  "sources.redis.url": optionalForm(redisUrl, {
    description: "Redis whose channels and streams are published; unset runs no such source.",
    secret: true,
  }),
  "sources.redis.channels": textList([], {
    description: "Channels to follow; one with `*`, `?` or `[…]` is a pattern as PSUBSCRIBE takes it.",
  }),
  "sources.redis.streams": textList([], { description: "Streams to read, each entry a message." }),
  "sources.redis.prefix": optionalText({
    description: "What comes before the channel's or stream's name in the topic's.",
  }),
  "sources.redis.payload": choice("json", payloadFormats, {
    description: "What payloads are: json, or text that is published as a JSON string.",
  }),
  "sources.redis.stream_field": text("data", {
    description:
      "Field of an entry that holds the payload; an entry without it is published with all its fields.",
  }),
  "sources.redis.stream_from": choice("newest", ["newest", "oldest"], {
    description:
      "Where to begin with a stream that was never read: after the newest entry, or with the oldest.",
  }),
  "sources.redis.position_key": optionalText({
    description:
      "Redis key (a hash) that keeps how far each stream was read, for instances that take over from each other; unset keeps it in data_dir.",
  }),
  "sources.http_poll.urls": formList(topicUrls, {
    description: "Addresses to ask, each as topic=URL; every one is a source of its own.",
    secret: true,
  }),
  "sources.http_poll.interval": seconds(5, {
    min: 0.05,
    max: 86_400,
    description: "Time from an answer to the next question.",
  }),
  "sources.http_poll.pointer": optionalForm(jsonPointer, {
    description: "JSON pointer to the value within the answer; unset takes the whole.",
  }),
  "sources.http_poll.split": boolean(false, {
    description: "The value is an object, and each of its members a topic: topic.member.",
  }),
  "sources.http_poll.publish": choice("change", ["change", "always"], {
    description: "Publish a value when it changed, or after every answer.",
  }),
  "sources.http_poll.authorization": optionalText({
    description: "Authorization header of the requests.",
    secret: true,
  }),
  "sources.postgres_notify.url": optionalForm(postgresUrl, {
    description: "PostgreSQL whose notifications are published; unset runs no such source.",
    secret: true,
  }),
  "sources.postgres_notify.channels": formList(postgresChannels, {
    description: "Channels to LISTEN on, letter for letter as in NOTIFY with quotes.",
  }),
  "sources.postgres_notify.prefix": optionalText({
    description: "What comes before the channel's name in the topic's.",
  }),
  "sources.postgres_notify.payload": choice("json", payloadFormats, {
    description: "What payloads are: json, or text that is published as a JSON string.",
  }),
  "logging.level": choice(
    "info",
    logLevels.map((level) => level.toLowerCase()),
    { hot: true, short: "LOG_LEVEL", description: "Least level that is logged." },
  ),
  "logging.file": text("logs/websocket-server.log", { short: "LOG_FILE", description: "The log's file." }),
  "logging.stdout": boolean(true, { description: "Write the log to the standard output too." }),
  "logging.max_bytes": integer(50 * megabyte, {
    min: 65_536,
    max: 10_240 * megabyte,
    unit: "bytes",
    description: "Size at which the log is rotated; it is also rotated daily.",
  }),
  "logging.keep": integer(14, { min: 1, max: 1_000, description: "Rotated logs that are kept." }),
  "logging.compress": boolean(true, { description: "Compress rotated logs." }),
  "shutdown.timeout": seconds(30, {
    min: 0.1,
    max: 3_600,
    description: "Time in which clients are told goodbye at a stop.",
  }),
} satisfies Record<string, ConfigKey<never> | ConfigKey>;

export type KeyName = keyof typeof schema;
export const keyNames = Object.keys(schema) as KeyName[];

/** The value of every key, by dotted name. */
export type Settings = { readonly [K in KeyName]: ValueOf<(typeof schema)[K]> };

/** The entry of a key with its value's type left open. */
export function keyOf(name: KeyName): ConfigKey {
  return schema[name] as ConfigKey;
}

/** `a.b_c` is set by `WEBSOCKET_A_B_C`. */
export function variableOf(name: KeyName): string {
  return `WEBSOCKET_${name.replaceAll(".", "_").toUpperCase()}`;
}
