-- Makes a pointer to a record elsewhere. KEYS: answer, pointer. ARGV: where to
-- Answers "made"; "there" when it points there already; "taken" when it points elsewhere.
local there = redis.call('GET', KEYS[2])
if there then return finish(there == ARGV[1] and 'there' or 'taken') end
redis.call('SET', KEYS[2], ARGV[1])
return finish('made')
