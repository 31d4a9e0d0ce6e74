-- Takes tokens out of a bucket, by the clock of Redis, which all instances share; as Bucket::take does by another clock.
-- KEYS[1]: the bucket. ARGV: microseconds until one token is there again, and until all are; tokens wanted at most.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local interval, depth, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full_at = tonumber(redis.call('GET', KEYS[1]) or now) or now
full_at = math.min(math.max(full_at, now), now + depth)
local granted = math.min(wanted, math.floor((now + depth - full_at) / interval))
if granted > 0 then
  full_at = full_at + granted * interval
  -- A bucket that is full again needs no memory.
  redis.call('SET', KEYS[1], string.format('%.0f', full_at), 'PX', math.ceil((full_at - now) / 1000))
end
return {granted, now, full_at}
