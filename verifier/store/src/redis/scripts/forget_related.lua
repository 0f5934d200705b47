-- KEYS: answer, then those of related.lua. ARGV: fresh id, account
if not known(ARGV[2]) then return finish('no') end
local group = forget(ARGV[2])
if group then regroup(group) end
return finish('yes')
