-- KEYS: policies, their order. Answers id, position, revision, policy, id, …
local answer = {}
local order = redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES')
for n = 1, #order, 2 do
  local kept = redis.call('HMGET', KEYS[1], order[n] .. ':revision', order[n] .. ':policy')
  table.insert(answer, order[n])
  table.insert(answer, order[n + 1])
  table.insert(answer, kept[1])
  table.insert(answer, kept[2])
end
return answer
