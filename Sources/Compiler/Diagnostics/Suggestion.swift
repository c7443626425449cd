/// The candidate that `word` most likely is a slip of, if there is one: "did you mean".
func closest(to word: String, in candidates: some Collection<String>) -> String? {
    // Among this many names, one that looks alike says little, and looking for it takes long.
    guard candidates.count <= 1_000, word.count <= 64 else { return nil }
    let slip = Array(word.lowercased().unicodeScalars)
    // One slip in three letters; a word of one or two letters has none to spare.
    var bound = slip.count < 3 ? 1 : max(1, min(3, slip.count / 3)) + 1
    var best: String?
    for candidate in candidates where abs(candidate.unicodeScalars.count - slip.count) <= bound {
        let distance = editDistance(slip, Array(candidate.lowercased().unicodeScalars))
        // Of equals the first by name, whatever order they come in.
        if distance < bound || distance == bound && best.map({ candidate < $0 }) == true {
            (bound, best) = (distance, candidate)
        }
    }
    return best
}

/// `did you mean 'mtu'?`
package func didYouMean(_ word: String, among candidates: some Collection<String>) -> String? {
    closest(to: word, in: candidates).map { "did you mean \(quoted($0))?" }
}

/// How many letters must be inserted, dropped, replaced or swapped with their neighbour to make `a` of `b`:
/// Damerau and Levenshtein's distance, without touching a letter twice.
func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for (row, letter) in a.enumerated() {
        var current = [row + 1]
        for (column, other) in b.enumerated() {
            var distance = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
            if row > 0, column > 0, letter == b[column - 1], a[row - 1] == other {
                distance = min(distance, beforeLast[column - 1] + 1)
            }
            current.append(distance)
        }
        (beforeLast, last) = (last, current)
    }
    return last[b.count]
}
