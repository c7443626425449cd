/// What the probes of each ordered pair of nodes have come to together, a byte each.
struct PairSums {
    /// What holds for all probes of a pair, but for ``hasPort``.
    struct Sum: OptionSet {
        let rawValue: UInt8

        static let isReachable = Sum(rawValue: 1)
        static let isUnreachable = Sum(rawValue: 2)
        static let isAsExpected = Sum(rawValue: 4)
        /// Nothing should have passed.
        static let shouldBeUnreachable = Sum(rawValue: 8)
        /// Of any.
        static let hasPort = Sum(rawValue: 16)

        fileprivate init(_ outcome: ProbeOutcome) {
            self = outcome.isReachable ? .isReachable : .isUnreachable
            if outcome.isAsExpected { insert(.isAsExpected) }
            if !outcome.probe.expected { insert(.shouldBeUnreachable) }
            if outcome.probe.port != nil { insert(.hasPort) }
        }

        init(rawValue: UInt8) { self.rawValue = rawValue }

        fileprivate mutating func formCommon(with other: Sum) {
            self = intersection(other).union(union(other).intersection(.hasPort))
        }
    }

    private var names = Interning<String>()
    private var sums: [UInt64: Sum] = [:]

    init(_ outcomes: Packed<ProbeOutcome>) {
        for outcome in outcomes {
            let (from, to) = (names.number(of: outcome.probe.from), names.number(of: outcome.probe.target))
            let sum = Sum(outcome)
            sums[UInt64(from) << 32 | UInt64(to), default: sum].formCommon(with: sum)
        }
    }

    var isEmpty: Bool { sums.isEmpty }

    func forEach(_ body: (_ from: String, _ to: String, Sum) -> Void) {
        for (ends, sum) in sums {
            body(names[UInt32(ends >> 32)], names[UInt32(truncatingIfNeeded: ends)], sum)
        }
    }
}
