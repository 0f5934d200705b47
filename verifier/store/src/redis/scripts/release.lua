-- Gives a claim up that led to nothing. KEYS: answer of the key, keys by end of life. ARGV: attempt of the claim, idempotency key
if redis.call('HGET', KEYS[1], 'attempt') == ARGV[1] then
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', KEYS[2], ARGV[2])
end
return 'done'
