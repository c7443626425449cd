// That nothing gets through is shown by where it stops, not by nothing having come.
extension ReachabilityReport {
    /// More places than these are counted, not listed.
    private static let silenceLimit = 8

    /// `unreachable as expected: 4 pairs, no answer in 3 attempts, last seen at A:docker0, incoming`: a line for each place
    /// where something ends that should not get through, of those by ICMP that were looked at on the wire.
    var silenceText: String {
        var counts: [String: Int] = [:]
        outcomes.forEach(byRest: \.ending) { _, ending in
            if let ending { counts[ending, default: 0] += 1 }
        }
        let places = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let lines = places.prefix(Self.silenceLimit).map { place, count in
            "unreachable as expected: \(count) \(count == 1 ? "pair" : "pairs"), \(place)\n"
        }
        let rest = places.dropFirst(Self.silenceLimit)
        let pairs = rest.reduce(0) { $0 + $1.value }
        return lines.joined() + (rest.isEmpty ? "" : "and \(pairs) more in \(rest.count) other places\n")
    }
}

extension ProbeOutcome {
    /// Nil of one that should get through, or does, or was not looked at.
    fileprivate var ending: String? {
        if probe.expected || isReachable || sight == nil { return nil }
        return "\(cause ?? "no answer") in \(attempts == 1 ? "1 attempt" : "\(attempts) attempts")\(way)"
    }
}
