/// The values that one quantity had, a round each.
package struct Samples: Hashable, Sendable {
    package private(set) var values: [Double]

    package init(_ values: [Double] = []) {
        self.values = values
    }

    package mutating func append(_ value: Double) {
        values.append(value)
    }

    package var minimum: Double { values.min() ?? .nan }
    package var maximum: Double { values.max() ?? .nan }

    /// The middle value, or the mean of the two in the middle: a round that something disturbed does not move it.
    package var median: Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        let upper = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[upper] : (sorted[upper - 1] + sorted[upper]) / 2
    }

    /// Half the range from the least to the most, as a part of the median.
    package var spread: Double { (maximum - minimum) / 2 / median }

    /// Each round's own ratio: what disturbs the machine for some rounds disturbs both alike. That is what the rounds are
    /// interleaved for.
    package func ratios(to other: Samples) -> Samples { Samples(zip(values, other.values).map { $0 / $1 }) }

    package func ratio(to other: Samples) -> Double { ratios(to: other).median }
}
