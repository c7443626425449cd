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
        static let wasProbed = Sum(rawValue: 32)

        fileprivate init(_ outcome: ProbeOutcome) {
            self = [.wasProbed, outcome.isReachable ? .isReachable : .isUnreachable]
            if outcome.isAsExpected { insert(.isAsExpected) }
            if !outcome.probe.expected { insert(.shouldBeUnreachable) }
            if outcome.probe.port != nil { insert(.hasPort) }
        }

        init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Takes what holds for a further probe.
        fileprivate mutating func note(_ other: Sum) {
            self = isEmpty ? other : intersection(other).union(union(other).intersection(.hasPort))
        }
    }

    private var names = Interning<String>()
    /// Where most pairs were probed: of each name with each.
    private var dense: [Sum] = []
    /// Where few were.
    private var sparse: [Int: Sum] = [:]

    /// More bytes for each probe than these are too many for pairs that were not probed.
    private static let bytesPerProbe = 8

    init(_ outcomes: Packed<ProbeOutcome>) {
        for outcome in outcomes {
            _ = (names.number(of: outcome.probe.from), names.number(of: outcome.probe.target))
        }
        let isDense = names.count * names.count <= Self.bytesPerProbe * outcomes.count
        if isDense { dense = Array(repeating: [], count: names.count * names.count) }
        for outcome in outcomes {
            let (from, to) = (names.number(of: outcome.probe.from), names.number(of: outcome.probe.target))
            let (place, sum) = (Int(from) * names.count + Int(to), Sum(outcome))
            if isDense { dense[place].note(sum) } else { sparse[place, default: []].note(sum) }
        }
    }

    var isEmpty: Bool { names.count == 0 }

    func forEach(_ body: (_ from: String, _ to: String, Sum) -> Void) {
        for (place, sum) in dense.enumerated() where sum.contains(.wasProbed) { tell(body, place, sum) }
        for (place, sum) in sparse { tell(body, place, sum) }
    }

    private func tell(_ body: (_ from: String, _ to: String, Sum) -> Void, _ place: Int, _ sum: Sum) {
        let (from, to) = place.quotientAndRemainder(dividingBy: names.count)
        body(names[UInt32(from)], names[UInt32(to)], sum)
    }
}
