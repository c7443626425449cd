import Compiler

// An expectation of which nothing is looked at would hold whatever happens.
extension CheckPlan {
    /// Those of `expectations` that lead to no look of a kind that they speak of.
    ///
    /// - `missing`: nodes that have left.
    func unlooked(
        _ expectations: [ValidTopology.Expectation], missing: Set<String> = [], after event: String? = nil,
        _ places: CheckPlaces
    ) -> [Check] {
        expectations.flatMap { expectation in
            let list = list(of: [expectation], by: Set(ProbeProtocol.allCases)).without(missing)
            return expectation.kinds.filter { list.count(of: $0) == 0 }.map { kind in
                Check(
                    kind: kind, from: Self.words(expectation.from),
                    to: kind == .gateway ? nil : Self.words(expectation.to),
                    expected: "to be looked at", status: .notRun, event: event, place: places[expectation.pointer])
            }
        }
    }

    /// What `expectations` say of protocols that are not probed by: left out, so that nobody takes it for what holds.
    func leftOut(
        _ expectations: [ValidTopology.Expectation], after event: String? = nil, _ places: CheckPlaces
    ) -> [Check] {
        expectations.flatMap { expectation in
            expectation.probes.filter { !protocols.contains($0.protocol) }.map { kind, means in
                Check(
                    kind: kind, from: Self.words(expectation.from), to: Self.words(expectation.to), protocol: means,
                    expected: "to be looked at",
                    status: .skipped(reason: "not probed by \(means.rawValue), as --protocols says"),
                    event: event, place: places[expectation.pointer])
            }
        }
    }

    private static func words(_ names: Set<String>) -> String {
        names.isEmpty ? "*" : names.sorted().joined(separator: ",")
    }
}

extension ValidTopology.Expectation {
    fileprivate var kinds: [CheckKind] {
        let said: [(CheckKind, Bool)] = [
            (.reach, isReachable != nil || port != nil), (.source, source != nil),
            (.path, path != nil || returnPath != nil), (.encapsulation, encapsulation != nil), (.mtu, mtu != nil),
            (.bulk, bulk != nil), (.gateway, gateway != nil),
        ]
        return said.filter(\.1).map(\.0)
    }

    /// What is found out about it by probes, and by which.
    fileprivate var probes: [(kind: CheckKind, protocol: ProbeProtocol)] {
        let asked = port == nil ? protocols : protocols.subtracting([.icmp])
        let reach = isReachable != nil || port != nil ? asked.sorted().map { (CheckKind.reach, $0) } : []
        return reach + (source == nil ? [] : [(.source, .tcp), (.source, .udp)])
    }
}

extension CheckList {
    fileprivate func count(of kind: CheckKind) -> Int {
        switch kind {
        case .reach: probes.count
        case .source: probes.count { $0.protocol != .icmp }
        case .path: passages.count { $0.there != nil || $0.back != nil }
        case .encapsulation: passages.count { $0.encapsulation != nil }
        case .mtu: mtus.count
        case .bulk: deliveries.count
        case .gateway: gateways.count
        case .convergence, .loss: 0
        }
    }
}
