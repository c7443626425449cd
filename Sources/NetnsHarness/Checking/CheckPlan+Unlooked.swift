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
            let list = list(of: [expectation]).without(missing)
            return expectation.kinds.filter { list.count(of: $0) == 0 }.map { kind in
                Check(
                    kind: kind, from: Self.words(expectation.from),
                    to: kind == .gateway ? nil : Self.words(expectation.to),
                    expected: "to be looked at", status: .notRun, event: event, place: places[expectation.pointer])
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
