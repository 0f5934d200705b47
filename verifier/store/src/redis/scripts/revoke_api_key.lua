-- KEYS: answer, API key. ARGV: when
if redis.call('EXISTS', KEYS[2]) == 0 then return finish('no') end
return finish(redis.call('HSETNX', KEYS[2], 'revoked', ARGV[1]) == 1 and 'yes' or 'no')
