# Medians and quartiles, for the benches: awk "$(cat bench/quantile.awk)"' the program '.

# Sorts values[1] to values[count] (Shell's method).
function sort_numbers(values, count,    gap, i, j, held) {
    for (gap = int(count / 2); gap > 0; gap = int(gap / 2))
        for (i = gap + 1; i <= count; i++) {
            held = values[i]
            for (j = i; j > gap && values[j - gap] > held; j -= gap) values[j] = values[j - gap]
            values[j] = held
        }
}

# Returns a quantile of sorted values: 0 is the least, 0.5 the median, 1 the most; it interpolates linearly.
function quantile(values, count, part,    place, below) {
    place = 1 + (count - 1) * part
    below = int(place)
    if (below >= count) return values[count]
    return values[below] + (place - below) * (values[below + 1] - values[below])
}

# Sorts values[1] to values[count], and sets middle, low and high: the median and the quartiles.
function summarize(values, count) {
    sort_numbers(values, count)
    middle = quantile(values, count, 0.5)
    low = quantile(values, count, 0.25)
    high = quantile(values, count, 0.75)
}
