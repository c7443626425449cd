/// How many of some durations were at most so long, as Prometheus counts them.
package struct Histogram: Hashable, Sendable {
    /// In seconds.
    private static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private var counts = [Int](repeating: 0, count: bounds.count)
    private var count = 0
    private var sum = 0.0

    package init() {}

    package mutating func observe(_ seconds: Double) {
        for (index, bound) in Self.bounds.enumerated() where seconds <= bound { counts[index] += 1 }
        count += 1
        sum += seconds
    }

    func samples(of name: String) -> [String] {
        zip(Self.bounds, counts).map { "\(name)_bucket{le=\"\($0)\"} \($1)" }
            + ["\(name)_bucket{le=\"+Inf\"} \(count)", "\(name)_sum \(sum)", "\(name)_count \(count)"]
    }
}
