-- KEYS: answer, site key. ARGV: project, revision, what stays, settings
if redis.call('EXISTS', KEYS[2]) == 1 then return finish('exists') end
redis.call('HSET', KEYS[2], 'project', ARGV[1], 'revision', ARGV[2], 'fixed', ARGV[3], 'settings', ARGV[4])
return finish('made')
