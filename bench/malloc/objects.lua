-- Tables, strings and closures, made and dropped.
local live = {}
for i = 1, 400000 do
    local slot = i * 7919 % 50000 + 1
    live[slot] = { name = "object " .. i, values = { i, i + 1, i + 2 }, call = function() return i end }
end
local sum = 0
for _, object in pairs(live) do sum = sum + object.call() + #object.name end
print(sum)
