-- KEYS: record, its annotations. Answers both as of one moment.
return { redis.call('GET', KEYS[1]), redis.call('LRANGE', KEYS[2], 0, -1) }
