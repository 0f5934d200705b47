-- In front of scripts whose repetition would tell another answer. KEYS[1] keeps the answer of one operation for a minute, so
-- that a command that is sent again, because its answer was lost, is answered as the first time and does nothing.
local function finish(answer)
  redis.call('SET', KEYS[1], answer, 'PX', 60000)
  return answer
end
local before = redis.call('GET', KEYS[1])
if before then
  -- Written again: a WAIT behind this script then covers what the first sending wrote.
  return finish(before)
end
