import { createHash } from "node:crypto";
import type { Redis } from "ioredis";

/** One Lua text that Redis runs as one step. */
export interface Script {
  readonly lua: string;
  readonly sha: string;
}

function script(lua: string): Script {
  return { lua, sha: createHash("sha1").update(lua).digest("hex") };
}

type Argument = string | number;

/** Runs by digest, and with the whole text where Redis does not know it yet. */
export async function run(
  redis: Redis,
  { lua, sha }: Script,
  keys: readonly string[],
  args: readonly Argument[],
): Promise<unknown> {
  try {
    return await redis.call("EVALSHA", sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
    return redis.call("EVAL", lua, keys.length, ...keys, ...args);
  }
}

/**
 * The field that holds the epoch stands in the same hash as the numbers, so that neither is ever lost without
 * the other; no topic can have this name.
 */
export const epochField = "@epoch";

/** Redis' own clock, in milliseconds: instances' clocks differ. */
const clock = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function int(number) return string.format('%.0f', number) end
`;

/** The epoch, made when there is none. A write in any case: a Redis that refuses writes says so here. */
const epoch = `
redis.call('HSETNX', KEYS[1], '${epochField}', ARGV[1])
local epoch = redis.call('HGET', KEYS[1], '${epochField}')
`;

/**
 * Gives a batch of messages their places. KEYS: numbers, last values, feed, then leases. ARGV: epoch to begin
 * with, feed length, deadline on Redis' clock, origin, first reference, token, then lease (index or 0), topic and
 * data of each. Answers the epoch and each number; -1 for a message whose lease is another's.
 */
export const placeMessages = script(`${clock}
if now > tonumber(ARGV[3]) then return redis.error_reply('EXPIRED the deadline has passed') end
${epoch}
local owned = {}
for index = 4, #KEYS do owned[index - 3] = redis.call('GET', KEYS[index]) == ARGV[6] end
local reference = tonumber(ARGV[5])
local seqs, newest = {}, {}
for at = 7, #ARGV, 3 do
  local lease, topic, data = tonumber(ARGV[at]), ARGV[at + 1], ARGV[at + 2]
  if lease > 0 and not owned[lease] then
    seqs[#seqs + 1] = -1
  else
    local seq = int(redis.call('HINCRBY', KEYS[1], topic, 1))
    local head = seq .. ' ' .. int(now)
    redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[2], '*',
      'h', head .. ' ' .. epoch .. ' ' .. ARGV[4] .. ' ' .. int(reference), 't', topic, 'd', data)
    newest[topic] = head .. ' ' .. data
    seqs[#seqs + 1] = tonumber(seq)
  end
  reference = reference + 1
end
for topic, value in pairs(newest) do redis.call('HSET', KEYS[2], topic, value) end
return {epoch, seqs}
`);

/** KEYS: numbers, feed. ARGV: epoch to begin with. Answers the epoch, Redis' clock, and the feed's first and last id. */
export const look = script(`${clock}${epoch}
local first, last = '', '0-0'
if redis.call('EXISTS', KEYS[2]) == 1 then
  local info = redis.call('XINFO', 'STREAM', KEYS[2])
  for at = 1, #info, 2 do
    if info[at] == 'last-generated-id' then last = info[at + 1] end
  end
  local entries = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)
  if entries[1] then first = entries[1][1] end
end
return {epoch, int(now), first, last}
`);

/** KEYS: numbers. ARGV: the epoch that can't be relied on any more, the next one. Only the first to ask renews it. */
export const renewEpoch = script(`
if redis.call('HGET', KEYS[1], '${epochField}') == ARGV[1] then
  redis.call('HSET', KEYS[1], '${epochField}', ARGV[2])
end
return redis.call('HGET', KEYS[1], '${epochField}')
`);

/**
 * Drops last values and tells every instance through the feed. KEYS: last values, feed. ARGV: feed length, then
 * nothing for all of them, or topic and number of each; one that has got a newer value since is spared. Answers
 * the id of the entry, empty when nothing was there to drop.
 */
export const forgetValues = script(`
local topics = {}
if #ARGV == 1 then
  redis.call('DEL', KEYS[1])
else
  for at = 2, #ARGV, 2 do
    local value = redis.call('HGET', KEYS[1], ARGV[at])
    if not value or tonumber(string.match(value, '^%d+')) <= tonumber(ARGV[at + 1]) then
      redis.call('HDEL', KEYS[1], ARGV[at])
      topics[#topics + 1] = ARGV[at]
    end
  end
  if #topics == 0 then return '' end
end
local what = #ARGV == 1 and 'null' or cjson.encode(topics)
return redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[1], '*', 'forget', what)
`);

/**
 * Takes or renews leases. KEYS: leases. ARGV: token, milliseconds. Answers for each 0 when it is held, else the
 * milliseconds after which its holder's time is up.
 */
export const takeLeases = script(`
local answers = {}
for index, key in ipairs(KEYS) do
  local holder = redis.call('GET', key)
  if holder == ARGV[1] or not holder then
    redis.call('SET', key, ARGV[1], 'PX', ARGV[2])
    answers[index] = 0
  else
    answers[index] = math.max(1, redis.call('PTTL', key))
  end
end
return answers
`);

/** Gives leases up and tells the others. KEYS: feed, then leases. ARGV: token, feed length. */
export const releaseLeases = script(`
local released = 0
for index = 2, #KEYS do
  if redis.call('GET', KEYS[index]) == ARGV[1] then released = released + redis.call('DEL', KEYS[index]) end
end
if released > 0 then redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'released', released) end
return released
`);
