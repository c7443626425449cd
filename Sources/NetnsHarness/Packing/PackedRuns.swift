/// A list of who, whom and what, each a number, that is kept by what it follows from.
///
/// Whoever goes through all pairs in order asks one after the other the same few things: such a run is sixteen bytes,
/// however long it is. What is in no order has a run for each pair.
struct PackedRuns: Sendable {
    /// What one does to another, by their numbers, and what that is.
    typealias Row = (from: UInt32, target: UInt32, what: UInt32)

    /// The same things to one target after the other, whose numbers follow each other.
    private struct Run {
        let from: UInt32
        /// The first.
        let target: UInt32
        /// Number in ``patterns``.
        let pattern: UInt32
        /// Place of its first row in the list.
        let start: UInt32
    }

    /// More things to one target are another run.
    private static let longestPattern = 64

    private var runs: [Run] = []
    private var patterns = Interning<[UInt32]>()
    /// Those at the end of the list, to one target: what else comes to it is not known yet.
    private var open: [UInt32] = []
    private var (openFrom, openTarget) = (UInt32(0), UInt32(0))
    private var openStart = 0

    var count: Int { openStart + open.count }

    /// How many runs it takes, but for what is open.
    var runCount: Int { runs.count }

    mutating func append(_ row: Row) {
        if row.from != openFrom || row.target != openTarget || open.count == Self.longestPattern {
            close()
            (openFrom, openTarget) = (row.from, row.target)
        }
        open.append(row.what)
    }

    subscript(index: Int) -> Row {
        if index >= openStart { return (openFrom, openTarget, open[index - openStart]) }
        let run = runs[place(of: index)]
        let pattern = patterns[run.pattern]
        let (step, place) = (index - Int(run.start)).quotientAndRemainder(dividingBy: pattern.count)
        return (run.from, run.target + UInt32(step), pattern[place])
    }

    /// Adds what is open to the last run if it goes on with that, or begins another.
    private mutating func close() {
        if open.isEmpty { return }
        let pattern = patterns.number(of: open)
        if !goesOn(with: pattern) {
            runs.append(Run(from: openFrom, target: openTarget, pattern: pattern, start: UInt32(openStart)))
        }
        openStart += open.count
        open.removeAll(keepingCapacity: true)
    }

    private func goesOn(with pattern: UInt32) -> Bool {
        guard let last = runs.last, last.from == openFrom, last.pattern == pattern else { return false }
        return Int(openTarget) == Int(last.target) + (openStart - Int(last.start)) / open.count
    }

    /// Of the run that a row before ``openStart`` is in.
    private func place(of index: Int) -> Int {
        var (low, high) = (0, runs.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(runs[middle].start) <= index { low = middle } else { high = middle }
        }
        return low
    }
}
