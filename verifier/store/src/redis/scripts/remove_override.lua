-- KEYS: answer, overrides of the site key. ARGV: override
return finish(redis.call('ZREM', KEYS[2], ARGV[1]) == 1 and 'yes' or 'no')
